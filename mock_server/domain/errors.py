"""Everything that can be refused, by meaning. An error knows a code, a status and a sentence, no response."""


class MockServerError(Exception):
    """A refusal. `message` is one or two sentences for the developer of the client: what came, what to change."""

    code: str = "server_error"
    status: int = 500
    is_for_browser: bool = False
    """Whether no redirect may carry it to the client: there is no address that it could safely go to."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def may_redirect(self) -> bool:
        """Whether it goes to a validated redirect URI (RFC 6749 §4.1.2.1) and not onto a page."""
        return self.status < 500 and not self.is_for_browser


class InvalidRequest(MockServerError):
    """A parameter is missing, repeated, malformed or does not belong here (RFC 6749 §4.1.2.1, §5.2)."""

    code = "invalid_request"
    status = 400


class InvalidParameter(MockServerError):
    """A parameter of the JSON or Green Button API has a value that cannot be used."""

    code = "invalid_param"
    status = 400


class InvalidScope(MockServerError):
    """The scope string is malformed, or more than was granted (RFC 6749 §4.1.2.1, §5.2)."""

    code = "invalid_scope"
    status = 400


class UnsupportedResponseType(MockServerError):
    """Only `response_type=code` exists here (RFC 6749 §4.1.2.1)."""

    code = "unsupported_response_type"
    status = 400


class InvalidClient(MockServerError):
    """The client is unknown or did not prove who it is (RFC 6749 §5.2)."""

    code = "invalid_client"
    status = 401


class UnauthorizedClient(MockServerError):
    """The client is known but may not do this, such as a sandbox client with a real customer (RFC 6749 §5.2)."""

    code = "unauthorized_client"
    status = 400


class InvalidRedirectUri(MockServerError):
    """The redirect URI is not one of the client's; the browser is never sent there (RFC 6749 §4.1.2.1)."""

    code = "invalid_redirect_uri"
    status = 403
    is_for_browser = True


class InvalidRegisteredUri(InvalidRedirectUri):
    """A redirect URI that nobody can register (RFC 7591 §3.2.2)."""

    status = 400


class InvalidClientMetadata(MockServerError):
    """A registration says something that cannot be (RFC 7591 §3.2.2)."""

    code = "invalid_client_metadata"
    status = 400


class InvalidGrant(MockServerError):
    """The code or refresh token is unknown, used, expired, revoked or another client's (RFC 6749 §5.2)."""

    code = "invalid_grant"
    status = 400


class UnsupportedTokenType(MockServerError):
    """A token of that class is not revoked here (RFC 7009 §2.2.1)."""

    code = "unsupported_token_type"
    status = 400


class UnsupportedGrantType(MockServerError):
    """The token endpoint does not know this grant (RFC 6749 §5.2)."""

    code = "unsupported_grant_type"
    status = 400


class AccessDenied(MockServerError):
    """The customer declined, or the sign-in was locked (RFC 6749 §4.1.2.1)."""

    code = "access_denied"
    status = 403


class AccessLocked(AccessDenied):
    """A form's sign-in was locked after too many wrong codes (utilityapi.md §1.4)."""

    code = "access_locked"


class PaymentRequired(MockServerError):
    """What was asked for has to be paid before: armed by the control API, never by itself."""

    code = "payment_required"
    status = 402


class TooManyRequests(MockServerError):
    """More calls than `--rate-limit` allows, or wrong secrets than `--guess-limit`. `retry_after` is in seconds."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class MissingToken(MockServerError):
    """The request carries no token at all (RFC 6750 §3.1: the challenge then has no error code)."""

    code = "missing_token"
    status = 401


class InvalidToken(MockServerError):
    """The token is unknown, expired, superseded or revoked (RFC 6750 §3.1)."""

    code = "invalid_token"
    status = 401


class InsufficientScope(MockServerError):
    """The token is valid but opens something else: wrong class, another customer (RFC 6750 §3.1)."""

    code = "insufficient_scope"
    status = 403


class Forbidden(MockServerError):
    """The door is shut, whoever knocks: control API off, foreign origin, another browser's page."""

    code = "forbidden"
    status = 403


class NotFound(MockServerError):
    """There is nothing at this address, or nothing the caller may know of."""

    code = "not_found"
    status = 404


class SandboxEnded(MockServerError):
    """The sandbox was deleted while the request was under way: nothing that a handler of NotFound looks for."""

    code = NotFound.code
    status = NotFound.status
    is_for_browser = True  # the redirect URI was one of a client that has gone with it


class MethodNotAllowed(MockServerError):
    """The address exists, the method does not."""

    code = "method_not_allowed"
    status = 405


class TimedOut(MockServerError):
    """What was waited for did not come in time."""

    code = "timed_out"
    status = 408


class Conflict(MockServerError):
    """The step was already taken: a form posted twice or out of order."""

    code = "conflict"
    status = 409


class SandboxReplaced(MockServerError):
    """The sandbox was reset, restored or made anew while the request was under way: no step that was taken twice."""

    code = Conflict.code
    status = Conflict.status
    is_for_browser = True  # the redirect URI was one of a client of before


class TooLarge(MockServerError):
    """The body or a field is larger than anything a client needs to send."""

    code = "too_large"
    status = 413


class HeadersTooLarge(TooLarge):
    """The headers are larger than a client's or a browser's are (RFC 6585 §5)."""

    status = 431


class UnsupportedMediaType(MockServerError):
    """The body has a content type that this address does not read."""

    code = "unsupported_media_type"
    status = 415


class EncodedBody(InvalidRequest):
    """The body is compressed, which nothing here reads (RFC 9110 §8.4: 415)."""

    status = 415


class RevokedGrant(InvalidGrant):
    """The customer or the client ended the authorization; clients of the real system look for this 403."""

    status = 403


class TemporarilyUnavailable(MockServerError):
    """Overload or maintenance; later it works again (RFC 6749 §4.1.2.1, RFC 9110 §15.6.4)."""

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
