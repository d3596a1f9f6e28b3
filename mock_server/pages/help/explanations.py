"""For each error code: its meaning, its most common causes, and their fixes. Texts only."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """The explanation of an error code; `causes` are (cause, fix) pairs, most frequent first."""

    meaning: str
    clause: str
    causes: tuple[tuple[str, str], ...]


EXPLANATIONS: dict[str, Explanation] = {
    "invalid_request": Explanation(
        meaning="A parameter is missing, repeated or unreadable.",
        clause="RFC 6749, sections 4.1.2.1 and 5.2",
        causes=(
            (
                "A parameter is missing or empty.",
                "Compare your request with the documentation; names are lower case.",
            ),
            ("The body was sent as JSON.", "Send token requests as application/x-www-form-urlencoded."),
            ("A value was not percent-encoded.", "Let your HTTP library encode every value exactly once."),
        ),
    ),
    "invalid_client": Explanation(
        meaning="The client is unknown, or its authentication failed.",
        clause="RFC 6749, section 5.2",
        causes=(
            (
                "The client_id is misspelt or belongs to another server.",
                "Copy it from the home page.",
            ),
            (
                "The secret is wrong or missing.",
                "Send it by HTTP Basic. A public client sends no secret and uses PKCE.",
            ),
            ("The Basic header is malformed.", "It is base64 of client_id, a colon, and client_secret."),
        ),
    ),
    "invalid_grant": Explanation(
        meaning="The code or refresh token is unknown, used, expired, revoked, or issued to another client.",
        clause="RFC 6749, section 5.2",
        causes=(
            (
                "The code was redeemed twice.",
                "Redeem it only once, even if the customer reloads your callback page.",
            ),
            (
                "The code expired (MOCK_SERVER_CODE_SECONDS).",
                "Redeem it immediately, in the callback.",
            ),
            ("redirect_uri differs from the one in the authorize request.", "Send exactly the same string."),
            (
                "The customer revoked the authorization (status 403).",
                "Stop refreshing, and offer the customer to connect again.",
            ),
            ("The server was reset in the meantime.", "Start a new authorization."),
        ),
    ),
    "invalid_scope": Explanation(
        meaning="The scope string is malformed, or requests something that cannot be granted.",
        clause="RFC 6749, section 3.3; the ESPI scope grammar",
        causes=(
            ("The FB part is missing.", "Start with FB= and numbers joined by _, such as FB=4_16_51"),
            ("The scope was not percent-encoded.", "In a URL, = is %3D and ; is %3B inside the value."),
            ("A refresh requests a wider scope.", "Omit scope when you refresh."),
            ("PreferredAuthEndDate lies in the past.", "Send seconds since 1970, or 0 for no end."),
        ),
    ),
    "unauthorized_client": Explanation(
        meaning="The client is known but not allowed to do this.",
        clause="RFC 6749, sections 4.1.2.1 and 5.2",
        causes=(
            (
                "A client in sandbox mode tried to connect a real customer.",
                "Use a test account, or have the utility approve your client and switch it to live mode.",
            ),
            ("A public client used client_credentials.", "Use a client with a secret."),
        ),
    ),
    "unsupported_grant_type": Explanation(
        meaning="The token endpoint does not offer this grant.",
        clause="RFC 6749, section 5.2",
        causes=(
            (
                "grant_type is misspelt.",
                "Use authorization_code, refresh_token or client_credentials.",
            ),
        ),
    ),
    "unsupported_token_type": Explanation(
        meaning="The revocation endpoint does not revoke tokens of this class.",
        clause="RFC 7009, section 2.2.1",
        causes=(
            (
                "The token is the client's own, for the JSON API or its registration.",
                "Replace it in the settings of your registration; revoke access and refresh tokens here.",
            ),
        ),
    ),
    "unsupported_response_type": Explanation(
        meaning="Only the authorization code flow is offered.",
        clause="RFC 6749, section 4.1.2.1",
        causes=(
            ("response_type is token or id_token.", "Send the response_type code, and redeem the code."),
        ),
    ),
    "invalid_redirect_uri": Explanation(
        meaning="The redirect URI is not registered for the client, so the browser was not redirected.",
        clause="RFC 6749, section 3.1.2.4; RFC 9700, section 4.1.3",
        causes=(
            ("A slash, a port or a query differs.", "Register and send exactly the same string."),
            (
                "The client_id belongs to another client than you expect.",
                "See the home page for the redirect URIs of each client.",
            ),
        ),
    ),
    "invalid_client_metadata": Explanation(
        meaning="A registration contains an invalid value.",
        clause="RFC 7591, section 3.2.2",
        causes=(
            ("A field has the wrong type or an unsupported value.", "The error_description names the field."),
            ("private_key_jwt was requested without keys.", "Send jwks or a jwks_uri."),
        ),
    ),
    "access_denied": Explanation(
        meaning="The customer declined, was locked out, or has nothing to share.",
        clause="RFC 6749, section 4.1.2.1",
        causes=(
            (
                "The customer declined.",
                "Say that nothing was connected, and offer to try again.",
            ),
            ("Too many wrong one-time codes were entered.", "Let the customer start again."),
        ),
    ),
    "missing_token": Explanation(
        meaning="The request has no token.",
        clause="RFC 6750, section 3.1",
        causes=(("There is no Authorization header.", "Send Authorization: Bearer and the access token."),),
    ),
    "invalid_token": Explanation(
        meaning="The token is unknown, has expired, or was replaced by a newer one.",
        clause="RFC 6750, section 3.1",
        causes=(
            ("It expired (MOCK_SERVER_ACCESS_TOKEN_SECONDS).", "Refresh it, and store the new access token."),
            (
                "Another process refreshed it in the meantime.",
                "Share one token among your processes: a refresh revokes the old one.",
            ),
            ("The server was reset.", "Start a new authorization."),
        ),
    ),
    "insufficient_scope": Explanation(
        meaning="The token is valid, but does not allow this.",
        clause="RFC 6750, section 3.1",
        causes=(
            (
                "It is a token of another class.",
                "Read customers' data with the access_token, and authorizations with the client's token.",
            ),
            (
                "It belongs to another customer.",
                "Follow the resourceURI of the token response instead of building URLs.",
            ),
            ("The customer did not share this.", "Read the granted scope in the token response."),
            ("The authorization was revoked.", "Stop reading."),
        ),
    ),
    "invalid_param": Explanation(
        meaning="A parameter of the JSON or Green Button API has an invalid value.",
        clause="the JSON API's error envelope",
        causes=(
            (
                "A flag is not true or false, a number is not a number.",
                "The error_description names the parameter.",
            ),
            ("A time lacks its T or its day does not exist.", "Send 2026-01-31 or 2026-01-31T12:00:00Z."),
            ("A list that needs meters or authorizations has neither.", "Send ?meters= or ?authorizations=."),
        ),
    ),
    "not_found": Explanation(
        meaning="There is nothing at this URL, or your token may not see it.",
        clause="RFC 9110, section 15.5.5",
        causes=(
            ("The URL was built by hand.", "Follow the links and URIs in the responses."),
            ("The resource belongs to another client.", "Use that client's token."),
            ("The server was reset.", "Create the authorization again; earlier uids are gone."),
        ),
    ),
    "method_not_allowed": Explanation(
        meaning="The URL exists, but not for this method.",
        clause="RFC 9110, section 15.5.6",
        causes=(("GET was sent instead of POST, or vice versa.", "See the Allow header."),),
    ),
    "timed_out": Explanation(
        meaning="The awaited request did not arrive in time.",
        clause="RFC 9110, section 15.5.9",
        causes=(
            ("The client never sent that request.", "Read /_mock/exchanges to see what it sent."),
            ("The client needs more time.", "Use a longer timeout, up to 60 seconds."),
        ),
    ),
    "conflict": Explanation(
        meaning="This step was already completed, or comes later.",
        clause="RFC 9110, section 15.5.10",
        causes=(
            ("A form was sent twice.", "Nothing is lost: the first submission counts."),
            ("An old page was opened again.", "Start again from the third party."),
        ),
    ),
    "forbidden": Explanation(
        meaning="The server does not allow this request.",
        clause="RFC 9110, section 15.5.4",
        causes=(
            (
                "A form was sent without its hidden field csrf, or from another browser.",
                "Open the page and submit its form.",
            ),
            ("The control API is off, or needs its token.", "See MOCK_SERVER_CONTROL in the README."),
            ("The Host header is not one of the server's names.", "Add the name to MOCK_SERVER_HOSTS."),
        ),
    ),
    "access_locked": Explanation(
        meaning="The sign-in of a form was locked.",
        clause="RFC 6749, section 4.1.2.1, extended",
        causes=(("Too many wrong one-time codes were entered.", "Let the customer open the form again."),),
    ),
    "payment_required": Explanation(
        meaning="Collecting history requires payment.",
        clause="RFC 9110, section 15.5.3",
        causes=(
            ("A test armed this error for your client.", "POST /_mock/payments with owes false ends it."),
        ),
    ),
    "too_many_requests": Explanation(
        meaning="Too many calls in a second, or too many wrong secrets in a minute.",
        clause="RFC 6585, section 4",
        causes=(
            (
                "A wrong secret, password or one-time code was sent repeatedly.",
                "Correct it, wait a minute, and do not repeat it. MOCK_SERVER_GUESS_LIMIT=0 removes the limit.",
            ),
            ("The client polls too fast.", "Wait as long as Retry-After says, and use webhooks."),
            ("The rate limit is low for a test.", "MOCK_SERVER_RATE_LIMIT=0 removes it."),
        ),
    ),
    "too_large": Explanation(
        meaning="The request is larger than anything a client needs to send.",
        clause="RFC 9110, section 15.5.14",
        causes=(("A body or field contains unrelated data.", "Send only the documented parameters."),),
    ),
    "unsupported_media_type": Explanation(
        meaning="The URL does not accept this content type.",
        clause="RFC 9110, section 15.5.16",
        causes=(("Content-Type is missing or wrong.", "Send the documented content type."),),
    ),
    "temporarily_unavailable": Explanation(
        meaning="The utility is temporarily unavailable.",
        clause="RFC 6749, section 4.1.2.1; RFC 9110, section 15.6.4",
        causes=(
            ("A test armed a fault, such as maintenance.", "GET /_mock/faults lists it."),
            ("Maintenance or overload.", "Wait as long as Retry-After says, then try again."),
        ),
    ),
    "server_error": Explanation(
        meaning="The server failed; your request was not the cause.",
        clause="RFC 6749, section 4.1.2.1",
        causes=(
            (
                "There is a bug in this server.",
                "The server's log has the details under the request id. Please report it.",
            ),
        ),
    ),
}
