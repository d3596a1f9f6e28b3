"""Redirect URIs that are nearly a client's own: the browser is never sent there (RFC 9700 §4.1, RFC 6749 §10.6)."""

import pytest

from mock_server.sandbox import Sandbox
from tests.pages.visitor import Visitor
from tests.support import CALLBACK

OWN = "https://app.example.com/callback"
NEARLY = [
    "https://app.example.com.evil.example/callback",
    "https://evil.example/callback?https://app.example.com/callback",
    "https://app.example.com@evil.example/callback",
    "https://app.example.com:pw@evil.example/callback",
    "https://evil.example#@app.example.com/callback",
    "https://app.example.com\\@evil.example/callback",
    "https://app.example.com/callback/../evil",
    "https://app.example.com/callback/..%2fevil",
    "https://app.example.com/callback%2f..%2fevil",
    "https://app.example.com/%63allback",
    "https://app.example.com/callback/",
    "https://app.example.com/callback?",
    "https://app.example.com/callback?next=https://evil.example",
    "https://app.example.com/callback#fragment",
    "https://app.example.com/callback%00",
    "https://app.example.com/callback ",
    "https://app.example.com/callbackx",
    "https://app.example.com/Callback",
    "https://APP.example.com/callback",
    "https://app.example.com./callback",
    "https://app.example.com:443/callback",
    "https://app.example.com:8443/callback",
    "http://app.example.com/callback",
    "//app.example.com/callback",
    "https://\u0430pp.example.com/callback",
    "https://xn--pp-5fd.example.com/callback",
    "https://\u24d0pp.example.com/callback",
    "javascript:alert(1)//https://app.example.com/callback",
    "data:text/html,<script>alert(1)</script>",
    "https://app.example.com/callback\r\nLocation: https://evil.example",
]
# Any port and path of loopback is Test Company's, but nothing that only looks like loopback.
NEARLY_LOOPBACK = [
    "http://127.0.0.1.evil.example/callback",
    "http://127.0.0.1@evil.example/callback",
    "http://127.0.0.1:5000@evil.example/callback",
    "http://localhost.evil.example/",
    "http://localhost:5000:80/",
    "http://localhost:99999/",
    "http://127.0.0.1/callback#fragment",
    "http://127.0.0.1\\@evil.example/",
    "http://127.0.0.2/callback",
    "http://0x7f.0.0.1/",
    "http://[::ffff:127.0.0.1]/",
    "https://127.0.0.1/callback",
    "http://LOCALHOST/",
    "http://localhost%2eevil.example/",
]


def is_displayed_and_not_sent(visitor: Visitor) -> bool:
    """A page of ours, with no link or redirect to anywhere else."""
    assert visitor.page.status_code == 403
    assert "location" not in visitor.page.headers
    assert 'href="http' not in visitor.page.text.replace('href="http://localhost:8000', "")
    return "invalid_redirect_uri" in visitor.page.text


def with_own(sandbox: Sandbox) -> None:
    with sandbox.writing() as transaction:
        transaction.clients.change({"id": "DEMOUTILITY_livelive1"}, redirect_uris=(OWN,))


def test_a_redirect_uri_is_compared_letter_by_letter(sandbox: Sandbox) -> None:
    with_own(sandbox)
    for uri in NEARLY:
        visitor = Visitor.arrives(sandbox, client_id="DEMOUTILITY_livelive1", redirect_uri=uri)
        assert is_displayed_and_not_sent(visitor), uri


def test_the_registered_one_is_answered(sandbox: Sandbox) -> None:
    with_own(sandbox)
    visitor = Visitor.arrives(sandbox, client_id="DEMOUTILITY_livelive1", redirect_uri=OWN)
    assert visitor.page.status_code == 200


def test_only_loopback_is_loopback(sandbox: Sandbox) -> None:
    for uri in NEARLY_LOOPBACK:
        assert is_displayed_and_not_sent(Visitor.arrives(sandbox, redirect_uri=uri)), uri


@pytest.mark.parametrize("uri", [OWN, "https://evil.example/"])
def test_one_clients_redirect_uri_is_not_anothers(sandbox: Sandbox, uri: str) -> None:
    with_own(sandbox)
    assert is_displayed_and_not_sent(Visitor.arrives(sandbox, redirect_uri=uri))


def test_two_redirect_uris_are_none(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox)
    path = f"/oauth/authorize?response_type=code&client_id=DEMOUTILITY_ccccccccc&redirect_uri={CALLBACK}"
    page = visitor.opens(path + "&redirect_uri=https://evil.example/").page
    assert page.status_code == 400
    assert "location" not in page.headers


def test_an_error_does_not_redirect_before_the_address_was_checked(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(
        sandbox, redirect_uri="https://evil.example/", response_type="nonsense", scope="("
    )
    assert is_displayed_and_not_sent(visitor)
