"""Redirects that end a request at the client."""

from starlette.responses import RedirectResponse

from mock_server.domain.errors import MockServerError
from mock_server.domain.oauth.redirect_uris import answer_uri
from mock_server.domain.records import AuthorizationRequest
from mock_server.http.context import RequestContext
from mock_server.http.responses.header_fields import plain_ascii, redirect


def redirect_with_code(
    context: RequestContext, redirect_uri: str, state: str | None, code: str
) -> RedirectResponse:
    """Redirect with a code. The code is first, the state last (RFC 6749 §4.1.2)."""
    return _redirect(answer_uri(redirect_uri, state, code=code, **context.issuer_parameters))


def redirect_with_answer(
    context: RequestContext, saved: AuthorizationRequest, redirect_uri: str, answer: str
) -> RedirectResponse:
    """Redirect with a code (RFC 6749 §4.1.2), or with a form's referral (utilityapi.md §1.4)."""
    if saved.template_uid is None:
        return redirect_with_code(context, redirect_uri, saved.state, answer)
    return _redirect(answer_uri(redirect_uri, saved.state, referral=answer))


def redirect_with_error(
    context: RequestContext, redirect_uri: str, state: str | None, error: MockServerError
) -> RedirectResponse:
    """Redirect with an error (RFC 6749 §4.1.2.1) and a sentence for the client's developer."""
    return _redirect(error_uri(context, redirect_uri, state, error))


def error_uri(context: RequestContext, redirect_uri: str, state: str | None, error: MockServerError) -> str:
    """The redirect URI with the parameters of an error."""
    parameters = {"error": error.code, "error_description": plain_ascii(error.message)}
    return answer_uri(redirect_uri, state, **parameters, **context.issuer_parameters)


def _redirect(url: str) -> RedirectResponse:
    """ESPI certification expects 302 at the authorize endpoint; browsers follow it with GET."""
    return redirect(url, status=302)
