"""Signing in with the user name and password of the utility account, at the utility's login provider."""

from mock_server.domain.signing_in.way import Way

WAY = Way(
    name="sso",
    label="Utility login",
    title="Log in",
    lead="Log in with the user name and password of your utility account.",
    example=lambda customer: {"user name": customer.id, "password": customer.password},
    not_found="Nobody is logged in.",
)
