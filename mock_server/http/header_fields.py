"""The headers that carry text from outside: redirects, challenges, cookies, names of files and of faults.

No other module writes them, so that no URI and no name reaches a header unchecked.
"""

from typing import Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from mock_server.domain.text.header_text import field_text, file_name, location_text
from mock_server.http.surface import plain_ascii

_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def redirect(url: str, *, status: int) -> RedirectResponse:
    """To another address, nothing kept and nothing disclosed (RFC 9700 §4.2.4)."""
    response = RedirectResponse("/", status_code=status, headers=_PRIVATE)
    # The framework would write a state anew, which clients compare letter by letter.
    response.headers["Location"] = location_text(url)
    return response


def challenge(scheme: str, **parameters: str) -> dict[str, str]:
    """WWW-Authenticate (RFC 9110 §11.6.1)."""
    told = ", ".join(f'{name}="{plain_ascii(value)}"' for name, value in parameters.items())
    return {"WWW-Authenticate": f"{scheme} {told}".rstrip()}


def attachment(name: str) -> dict[str, str]:
    """Content-Disposition for an answer that a browser saves under that name (RFC 6266)."""
    return {"Content-Disposition": f"attachment; {file_name(name)}"}


def simulated_fault(name: str) -> tuple[str, str]:
    """The header that says which armed fault changed an answer or a delivery: its name and its value."""
    return "X-Simulated-Fault", field_text(name)


def set_cookie(
    request: Request,
    response: Response,
    name: str,
    value: str,
    *,
    path: str,
    samesite: Literal["lax", "strict"] = "lax",
) -> None:
    """A cookie for the pages below a path, which no script reads. `value` is a secret of ours."""
    response.set_cookie(
        name,
        value,
        path=location_text(path),
        httponly=True,
        samesite=samesite,
        secure=request.scope["scheme"] == "https",
    )
