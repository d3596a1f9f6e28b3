"""All errors, one class per meaning. An error has a code, a status and a message; surfaces build the response."""


class MockServerError(Exception):
    """Base of all errors. `message` states, for the client's developer, what was sent and what to change."""

    code: str = "server_error"
    status: int = 500
    is_for_browser: bool = False
    """Whether to show the error as a page because no redirect URI is safe to send it to."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def may_redirect(self) -> bool:
        """Whether to send the error to a validated redirect URI (RFC 6749 §4.1.2.1) instead of showing a page."""
        return self.status < 500 and not self.is_for_browser


class InvalidRequest(MockServerError):
    """A parameter is missing, repeated, malformed or not allowed (RFC 6749 §4.1.2.1, §5.2)."""

    code = "invalid_request"
    status = 400


class InvalidParameter(MockServerError):
    """A parameter of the JSON or Green Button API has an invalid value."""

    code = "invalid_param"
    status = 400


class InvalidScope(MockServerError):
    """The scope is malformed or exceeds what was granted (RFC 6749 §4.1.2.1, §5.2)."""

    code = "invalid_scope"
    status = 400


class UnsupportedResponseType(MockServerError):
    """The response type is not `code`, the only one supported (RFC 6749 §4.1.2.1)."""

    code = "unsupported_response_type"
    status = 400


class InvalidClient(MockServerError):
    """The client is unknown or failed to authenticate (RFC 6749 §5.2)."""

    code = "invalid_client"
    status = 401


class UnauthorizedClient(MockServerError):
    """The client is not allowed to do this, such as a sandbox client with a real customer (RFC 6749 §5.2)."""

    code = "unauthorized_client"
    status = 400


class InvalidRedirectUri(MockServerError):
    """The redirect URI is not registered for the client; the browser is never sent to it (RFC 6749 §4.1.2.1)."""

    code = "invalid_redirect_uri"
    status = 403
    is_for_browser = True


class InvalidRegisteredUri(InvalidRedirectUri):
    """A redirect URI sent for registration is invalid (RFC 7591 §3.2.2)."""

    status = 400


class InvalidClientMetadata(MockServerError):
    """A registration contains an invalid value (RFC 7591 §3.2.2)."""

    code = "invalid_client_metadata"
    status = 400


class InvalidGrant(MockServerError):
    """The code or refresh token is unknown, used, expired, revoked or issued to another client (RFC 6749 §5.2)."""

    code = "invalid_grant"
    status = 400


class UnsupportedTokenType(MockServerError):
    """The revocation endpoint does not revoke tokens of this class (RFC 7009 §2.2.1)."""

    code = "unsupported_token_type"
    status = 400


class UnsupportedGrantType(MockServerError):
    """The token endpoint does not support this grant type (RFC 6749 §5.2)."""

    code = "unsupported_grant_type"
    status = 400


class AccessDenied(MockServerError):
    """The customer declined, or the sign-in is locked (RFC 6749 §4.1.2.1)."""

    code = "access_denied"
    status = 403


class AccessLocked(AccessDenied):
    """The sign-in of a form is locked after too many wrong codes (utilityapi.md §1.4)."""

    code = "access_locked"


class PaymentRequired(MockServerError):
    """The client must pay first. Raised only after the control API marked the client as owing."""

    code = "payment_required"
    status = 402


class TooManyRequests(MockServerError):
    """The client exceeded `--rate-limit` (calls) or `--guess-limit` (wrong secrets). `retry_after` is in seconds."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class MissingToken(MockServerError):
    """The request has no token (RFC 6750 §3.1: the challenge then has no error code)."""

    code = "missing_token"
    status = 401


class InvalidToken(MockServerError):
    """The token is unknown, expired, superseded or revoked (RFC 6750 §3.1)."""

    code = "invalid_token"
    status = 401


class InsufficientScope(MockServerError):
    """The token is valid but does not cover this resource: wrong class or another customer (RFC 6750 §3.1)."""

    code = "insufficient_scope"
    status = 403


class Forbidden(MockServerError):
    """Not allowed for any caller: control API off, foreign origin, or a page of another browser."""

    code = "forbidden"
    status = 403


class NotFound(MockServerError):
    """The resource does not exist, or the caller may not know that it does."""

    code = "not_found"
    status = 404


class SandboxEnded(MockServerError):
    """The sandbox was deleted during the request. Not a NotFound, so that handlers of NotFound do not catch it."""

    code = NotFound.code
    status = NotFound.status
    is_for_browser = True  # the client that the redirect URI belongs to was deleted, too


class MethodNotAllowed(MockServerError):
    """The URL does not support this HTTP method."""

    code = "method_not_allowed"
    status = 405


class TimedOut(MockServerError):
    """The awaited event did not happen in time."""

    code = "timed_out"
    status = 408


class Conflict(MockServerError):
    """The step was already completed, or a form was posted out of order."""

    code = "conflict"
    status = 409


class SandboxReplaced(MockServerError):
    """The sandbox was reset, restored or recreated during the request. Not a Conflict, which means a repeated step."""

    code = Conflict.code
    status = Conflict.status
    is_for_browser = True  # the redirect URI belongs to a client of the former sandbox


class TooLarge(MockServerError):
    """The body or a field is larger than the limit."""

    code = "too_large"
    status = 413


class HeadersTooLarge(TooLarge):
    """The headers are larger than the limit (RFC 6585 §5)."""

    status = 431


class UnsupportedMediaType(MockServerError):
    """This URL does not accept the content type of the body."""

    code = "unsupported_media_type"
    status = 415


class EncodedBody(InvalidRequest):
    """The body is compressed, which the server does not support (RFC 9110 §8.4: 415)."""

    status = 415


class RevokedGrant(InvalidGrant):
    """The authorization was revoked. Clients of the real system expect this 403."""

    status = 403


class TemporarilyUnavailable(MockServerError):
    """The server is overloaded or in maintenance; retry later (RFC 6749 §4.1.2.1, RFC 9110 §15.6.4)."""

    code = "temporarily_unavailable"
    status = 503


KINDS: tuple[type[MockServerError], ...] = (
    MockServerError,
    InvalidRequest,
    InvalidParameter,
    InvalidScope,
    UnsupportedResponseType,
    InvalidClient,
    UnauthorizedClient,
    InvalidRedirectUri,
    InvalidClientMetadata,
    InvalidGrant,
    UnsupportedGrantType,
    UnsupportedTokenType,
    AccessDenied,
    AccessLocked,
    PaymentRequired,
    MissingToken,
    InvalidToken,
    InsufficientScope,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    TimedOut,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    TooManyRequests,
    TemporarilyUnavailable,
)
BY_CODE = {kind.code: kind for kind in KINDS}
