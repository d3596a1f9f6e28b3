"""What each error code means, what causes it most often, and how to mend it. Texts only."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """An error code for the people who meet it: (cause, mend) pairs, most frequent first."""

    meaning: str
    clause: str
    causes: tuple[tuple[str, str], ...]


EXPLANATIONS: dict[str, Explanation] = {
    "invalid_request": Explanation(
        meaning="The request lacks a parameter, repeats one, or holds one that cannot be read.",
        clause="RFC 6749, sections 4.1.2.1 and 5.2",
        causes=(
            (
                "A parameter is missing or empty.",
                "Compare your request with the description; names are lower case.",
            ),
            ("The body was sent as JSON.", "Send token requests as application/x-www-form-urlencoded."),
            ("A value was not percent-encoded.", "Let your HTTP library encode every value, once."),
        ),
    ),
    "invalid_client": Explanation(
        meaning="We do not know the client, or it did not prove who it is.",
        clause="RFC 6749, section 5.2",
        causes=(
            (
                "The client_id has a typing error or belongs to another server.",
                "Copy it from the first page.",
            ),
            (
                "The secret is wrong or missing.",
                "Send it by HTTP Basic; a public client sends none and uses PKCE.",
            ),
            ("The Basic header was built by hand.", "It is base64 of client_id, a colon, and client_secret."),
        ),
    ),
    "invalid_grant": Explanation(
        meaning="The code or the refresh token is of no use: unknown, used, expired, revoked, or not yours.",
        clause="RFC 6749, section 5.2",
        causes=(
            ("The code was redeemed twice.", "Redeem it once, also when the customer reloads your callback."),
            (
                "The code waited longer than it lives, five minutes usually.",
                "Redeem it at once, in the callback itself.",
            ),
            ("redirect_uri differs from the authorize request's.", "Send the same string, letter by letter."),
            (
                "The customer revoked the authorization (status 403).",
                "Stop refreshing and offer to connect again.",
            ),
            ("The server was reset in between.", "Start a new authorization."),
        ),
    ),
    "invalid_scope": Explanation(
        meaning="The scope string cannot be read, or asks for something that cannot be.",
        clause="RFC 6749, section 3.3; the ESPI scope grammar",
        causes=(
            ("The FB part is missing.", "Begin with FB= and numbers joined by _, such as FB=4_16_51"),
            ("The scope was not percent-encoded.", "In a URL, = is %3D and ; is %3B inside the value."),
            ("A refresh asks for another scope.", "Leave scope out when you refresh."),
            ("PreferredAuthEndDate lies in the past.", "Send seconds since 1970, or 0 for no end."),
        ),
    ),
    "unauthorized_client": Explanation(
        meaning="The client is known, but may not do this.",
        clause="RFC 6749, sections 4.1.2.1 and 5.2",
        causes=(
            (
                "A client in sandbox mode met a real customer.",
                "Use a test account, or have the utility approve you and switch to live.",
            ),
            ("A public client asked for client_credentials.", "Only clients with a secret can."),
        ),
    ),
    "unsupported_grant_type": Explanation(
        meaning="The token endpoint does not offer this grant.",
        clause="RFC 6749, section 5.2",
        causes=(
            (
                "grant_type has a typing error.",
                "Use authorization_code, refresh_token or client_credentials.",
            ),
        ),
    ),
    "unsupported_token_type": Explanation(
        meaning="A token of this class is not revoked by the revocation endpoint.",
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
        meaning="The redirect URI is not one of the client's, so the browser was not sent there.",
        clause="RFC 6749, section 3.1.2.4; RFC 9700, section 4.1.3",
        causes=(
            ("A slash, a port or a query differs.", "Register and send exactly the same string."),
            (
                "The client is another one than you think.",
                "See the first page for each client's redirect URIs.",
            ),
        ),
    ),
    "invalid_client_metadata": Explanation(
        meaning="A registration says something of the client that cannot be.",
        clause="RFC 7591, section 3.2.2",
        causes=(
            ("A field has the wrong type, or asks for what is not offered.", "The sentence names the field."),
            ("private_key_jwt was asked for without keys.", "Send jwks, or a jwks_uri where we find them."),
        ),
    ),
    "access_denied": Explanation(
        meaning="The customer said no, was locked out, or has nothing to share.",
        clause="RFC 6749, section 4.1.2.1",
        causes=(
            ("The customer declined.", "Show that nothing was connected, and a way to try again."),
            ("Five wrong one-time codes.", "Let the customer start again."),
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
            ("It has expired, after an hour usually.", "Refresh it, and keep the new access token."),
            (
                "Somebody refreshed in the meantime.",
                "Share one token among your processes: a refresh ends the old one.",
            ),
            ("The server was reset.", "Start a new authorization."),
        ),
    ),
    "insufficient_scope": Explanation(
        meaning="The token is valid, but opens something else.",
        clause="RFC 6750, section 3.1",
        causes=(
            (
                "It is of another class.",
                "Customers' data need the access_token, authorizations the client's token.",
            ),
            (
                "It belongs to another customer.",
                "Follow resourceURI of the token answer instead of building URLs.",
            ),
            ("The customer did not share this.", "Look at scope in the token answer."),
            ("The authorization was revoked.", "Stop reading."),
        ),
    ),
    "invalid_param": Explanation(
        meaning="A parameter of the JSON or Green Button API has a value that cannot be used.",
        clause="the JSON API's error envelope",
        causes=(
            ("A flag is not true or false, a number is not a number.", "The sentence names the parameter."),
            ("A time lacks its T or its day does not exist.", "Send 2026-01-31 or 2026-01-31T12:00:00Z."),
            ("A list that needs meters or authorizations names none.", "Send ?meters= or ?authorizations=."),
        ),
    ),
    "not_found": Explanation(
        meaning="There is nothing at this address, or nothing that your token may see.",
        clause="RFC 9110, section 15.5.5",
        causes=(
            ("The path was put together by hand.", "Follow the links and URIs that answers carry."),
            ("The thing belongs to another client.", "Use the token of the client it belongs to."),
            ("The server was reset.", "Make the authorization again; uids of before are gone."),
        ),
    ),
    "method_not_allowed": Explanation(
        meaning="The address exists, but not for this method.",
        clause="RFC 9110, section 15.5.6",
        causes=(("GET was sent in place of POST, or the reverse.", "The Allow header names what works."),),
    ),
    "timed_out": Explanation(
        meaning="What was waited for did not come in time.",
        clause="RFC 9110, section 15.5.9",
        causes=(
            ("The client never sent that request.", "Read /_mock/exchanges for what it did send."),
            ("It takes longer.", "Ask with a larger timeout, up to 60 seconds."),
        ),
    ),
    "conflict": Explanation(
        meaning="This step was already taken, or its turn has not come.",
        clause="RFC 9110, section 15.5.10",
        causes=(
            ("A form was sent twice.", "Nothing is lost: the first time counted."),
            ("An old page was opened again.", "Start again from the third party."),
        ),
    ),
    "forbidden": Explanation(
        meaning="The door is shut, whoever knocks.",
        clause="RFC 9110, section 15.5.4",
        causes=(
            (
                "A form came without the hidden field of our page, or from another browser.",
                "Send our form back.",
            ),
            ("The control API is off, or wants its own token.", "See MOCK_SERVER_CONTROL in the README."),
            ("The Host header is not one of the server's names.", "Add the name to MOCK_SERVER_HOSTS."),
        ),
    ),
    "access_locked": Explanation(
        meaning="The sign-in that a form led to was locked.",
        clause="RFC 6749, section 4.1.2.1, extended",
        causes=(("Five wrong one-time codes were typed.", "Let the customer open the form again."),),
    ),
    "payment_required": Explanation(
        meaning="Collecting history has to be paid before.",
        clause="RFC 9110, section 15.5.3",
        causes=(
            ("A test armed this answer for your client.", "POST /_mock/payments with owes false ends it."),
        ),
    ),
    "too_many_requests": Explanation(
        meaning="There were more calls in a second, or more wrong secrets in a minute, than may be.",
        clause="RFC 6585, section 4",
        causes=(
            (
                "A wrong secret, password or one-time code was sent again and again.",
                "Mend it, wait a minute, and do not repeat what was refused. MOCK_SERVER_GUESS_LIMIT=0 ends this.",
            ),
            ("The client polls without pauses.", "Wait as long as Retry-After says, and use webhooks."),
            ("The limit is set low for a test.", "MOCK_SERVER_RATE_LIMIT=0 takes it away."),
        ),
    ),
    "too_large": Explanation(
        meaning="The request is larger than anything a client needs to send.",
        clause="RFC 9110, section 15.5.14",
        causes=(("A body or a field carries data of another kind.", "Send only the documented parameters."),),
    ),
    "unsupported_media_type": Explanation(
        meaning="The body is of a type that this address does not read.",
        clause="RFC 9110, section 15.5.16",
        causes=(("Content-Type is missing or wrong.", "Send the type that the address documents."),),
    ),
    "temporarily_unavailable": Explanation(
        meaning="The utility cannot answer now; later it can.",
        clause="RFC 6749, section 4.1.2.1; RFC 9110, section 15.6.4",
        causes=(
            ("A test armed a fault, such as maintenance.", "GET /_mock/faults lists it."),
            ("Maintenance or overload.", "Wait as long as Retry-After says, then try again."),
        ),
    ),
    "server_error": Explanation(
        meaning="We made a mistake, not you.",
        clause="RFC 6749, section 4.1.2.1",
        causes=(
            (
                "There is an error in this server.",
                "The log has the details under the request's id; report it.",
            ),
        ),
    ),
}
