"""Headers that contain text from outside: redirects, challenges, cookies, names of files and faults.

No other module writes these headers, so no URI and no name gets into a header unchecked.
"""

from typing import Literal

from starlette.responses import RedirectResponse, Response

from mock_server.domain.text.header_text import field_text, file_name, location_text
from mock_server.http.context import RequestContext


def plain_ascii(message: str) -> str:
    """A sentence in the characters that headers and `error_description` may hold (RFC 6749 §5.2, RFC 6750 §3).

    `code=` is broken up: certified clients search for that text to tell success from failure.
    """
    text = message.replace('"', "'").replace("\\", "/").replace("…", "...").replace("code=", "code =")
    return "".join(char if " " <= char <= "~" else "?" for char in text)


_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def redirect(url: str, *, status: int) -> RedirectResponse:
    """A redirect that is not cached and discloses no referrer (RFC 9700 §4.2.4)."""
    response = RedirectResponse("/", status_code=status, headers=_PRIVATE)
    # The framework would encode the state again, and clients compare it character by character.
    response.headers["Location"] = location_text(url)
    return response


def challenge(scheme: str, **parameters: str) -> dict[str, str]:
    """The header WWW-Authenticate (RFC 9110 §11.6.1)."""
    listed = ", ".join(f'{name}="{plain_ascii(value)}"' for name, value in parameters.items())
    return {"WWW-Authenticate": f"{scheme} {listed}".rstrip()}


def attachment(name: str) -> dict[str, str]:
    """The header Content-Disposition, with which a browser saves the response under that name (RFC 6266)."""
    return {"Content-Disposition": f"attachment; {file_name(name)}"}


def simulated_fault(name: str) -> tuple[str, str]:
    """Name and value of the header that names the fault which changed a response or a delivery."""
    return "X-Simulated-Fault", field_text(name)


def set_cookie(
    context: RequestContext,
    response: Response,
    name: str,
    value: str,
    *,
    path: str,
    samesite: Literal["lax", "strict"] = "lax",
) -> None:
    """Set a cookie for the pages below a path; scripts cannot read it. `value` is a secret of this server."""
    response.set_cookie(
        name,
        value,
        path=location_text(path),
        httponly=True,
        samesite=samesite,
        secure=context.scheme == "https",
    )
