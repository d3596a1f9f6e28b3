"""Ending a request: the redirect that tells the client, or the receipt where there is nobody to tell."""

from starlette.responses import RedirectResponse

from mock_server.core.errors import MockServerError
from mock_server.core.records import AuthorizationRequest
from mock_server.core.redirects import answer_uri
from mock_server.surface import plain_ascii

# ESPI certification looks for 302 at the authorize endpoint; browsers follow it with GET.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def redirect_with_code(redirect_uri: str, state: str | None, code: str) -> RedirectResponse:
    """RFC 6749 §4.1.2: code first, state last."""
    return _redirect(answer_uri(redirect_uri, state, code=code))


def redirect_with_answer(request: AuthorizationRequest, redirect_uri: str, answer: str) -> RedirectResponse:
    """A code (RFC 6749 §4.1.2), or where the request began at a form its referral (utilityapi.md §1.4)."""
    if request.template_uid is None:
        return redirect_with_code(redirect_uri, request.state, answer)
    return _redirect(answer_uri(redirect_uri, request.state, referral=answer))


def redirect_with_error(redirect_uri: str, state: str | None, error: MockServerError) -> RedirectResponse:
    """RFC 6749 §4.1.2.1, with a sentence for the client's developer."""
    return _redirect(error_uri(redirect_uri, state, error))


def error_uri(redirect_uri: str, state: str | None, error: MockServerError) -> str:
    """The redirect URI that tells of an error."""
    return answer_uri(redirect_uri, state, error=error.code, error_description=plain_ascii(error.message))


def _redirect(url: str) -> RedirectResponse:
    response = RedirectResponse("/", status_code=302, headers=_HEADERS)
    response.headers["location"] = url  # byte for byte: the framework would quote the state anew
    return response
