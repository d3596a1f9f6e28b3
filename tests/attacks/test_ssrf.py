"""Server-side request forgery: webhooks, notifications and key sets at addresses that are not the internet's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

import httpx
import pytest
from jose import jwt

from mock_server.actions.notifying.outbox import list_attempts
from mock_server.actions.notifying.webhooks import add_webhook
from mock_server.http.outgoing import LARGEST_ANSWER, AddressRefused, Outgoing, is_public, open_http
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.support import Third, app_around, browser
from tests.webhooks.receiver import pass_time

PUBLIC, OTHER = "93.184.215.14", "1.1.1.1"
SHUT = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::127.0.0.1",
    "::1.1.1.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b:1::7f00:1",
    "64:ff9b:1:7f00:0:100::",
    "2001:0:7f00:1::1",
    "2001:0:101:101:0:0:80ff:fffe",
    "fe80::5efe:10.1.2.3",
    "2606:4700::5efe:10.1.2.3",
    "2606:4700::200:5efe:127.0.0.1",
    "5f00::1",
    "3fff::1",
    "100:0:0:1::1",
    "fec0::1",
    "4000::1",
    "192.88.99.2",
    "192.0.0.9",
]
# How an IPv6 address carries an IPv4 one, and whether a public one that is carried so is reached from everywhere.
CARRIERS: list[tuple[str, Callable[[int], int], bool]] = [
    ("compatible, RFC 4291", lambda ipv4: ipv4, False),
    ("mapped, RFC 4291", lambda ipv4: (0xFFFF << 32) | ipv4, True),
    ("translated, RFC 2765", lambda ipv4: (0xFFFF << 48) | ipv4, False),
    ("NAT64, RFC 6052", lambda ipv4: (0x64_FF9B << 96) | ipv4, True),
    ("local NAT64, RFC 8215", lambda ipv4: (0x64_FF9B_0001 << 80) | ipv4, False),
    ("6to4, RFC 3056", lambda ipv4: (0x2002 << 112) | (ipv4 << 80) | 1, True),
    ("Teredo's server, RFC 4380", lambda ipv4: (0x2001 << 112) | (ipv4 << 64) | 1, False),
    ("Teredo's client, RFC 4380", lambda ipv4: (0x2001 << 112) | (ipv4 ^ 0xFFFF_FFFF), False),
    ("ISATAP, RFC 5214", lambda ipv4: (0x2606_4700 << 96) | (0x5EFE << 32) | ipv4, True),
    ("ISATAP, RFC 5214, unique", lambda ipv4: (0x2606_4700 << 96) | (0x0200_5EFE << 32) | ipv4, True),
]


class Wire:
    """Stands for the network: remembers where requests went, answers as told."""

    def __init__(self, answer: httpx.Response | None = None, *, unreachable: tuple[str, ...] = ()) -> None:
        self.sent: list[httpx.Request] = []
        self._answer = answer or httpx.Response(200)
        self._unreachable = unreachable

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host in self._unreachable:
            raise httpx.ConnectError("unreachable")
        self.sent.append(request)
        return self._answer

    def client(self, *answers: list[str], allows_private: bool = False) -> httpx.Client:
        """A client; the name server gives its answers one after the other."""
        waiting = iter(answers)
        transport = Outgoing(
            httpx.MockTransport(self), allows_private=allows_private, resolve=lambda host, port: next(waiting)
        )
        return httpx.Client(transport=transport)


@pytest.mark.parametrize("address", SHUT)
def test_no_request_goes_to_a_private_address(address: str) -> None:
    wire = Wire()
    with pytest.raises(AddressRefused, match="MOCK_SERVER_PRIVATE_TARGETS"):
        wire.client([address]).post("https://hook.example.com/")
    assert (wire.sent, is_public(address)) == ([], False)


@pytest.mark.parametrize(
    "address", [PUBLIC, OTHER, "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"]
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(("name", "carry", "is_reached"), CARRIERS, ids=[one[0] for one in CARRIERS])
def test_no_ipv6_address_leads_to_a_private_ipv4_one(
    name: str, carry: Callable[[int], int], is_reached: bool
) -> None:
    for address in map(ip_address, [one for one in SHUT if "." in one and ":" not in one]):
        assert not is_public(str(IPv6Address(carry(int(address))))), (name, address)
    assert is_public(str(IPv6Address(carry(int(ip_address(PUBLIC)))))) is is_reached


def test_one_private_address_among_public_ones_is_enough() -> None:
    with pytest.raises(AddressRefused):
        Wire().client([PUBLIC, "10.0.0.1"]).get("http://hook.example.com/")


def test_dns_rebinding_finds_the_name_resolved_once() -> None:
    wire = Wire()
    wire.client([PUBLIC], ["127.0.0.1"]).post("https://hook.example.com:8443/in?a=b", content=b"x")
    [request] = wire.sent
    assert str(request.url) == f"https://{PUBLIC}:8443/in?a=b"
    assert request.headers["Host"] == "hook.example.com:8443"
    assert request.extensions["sni_hostname"] == "hook.example.com"


def test_an_address_that_does_not_answer_gives_way_to_the_next() -> None:
    wire = Wire(unreachable=(PUBLIC,))
    wire.client([PUBLIC, OTHER]).get("http://hook.example.com/")
    assert [request.url.host for request in wire.sent] == [OTHER]


def test_a_name_without_address_is_no_mistake_of_ours() -> None:
    with pytest.raises(httpx.ConnectError):
        Wire().client([]).get("http://hook.example.com/")


@pytest.mark.parametrize(
    "url",
    ["http://localhost:1/", "http://127.1:1/", "http://2130706433:1/", "http://[::1]:1/", "http://0x7f.1:1/"],
)
def test_other_spellings_of_this_machine_are_this_machine(url: str) -> None:
    with open_http(allows_private=False) as http, pytest.raises(AddressRefused):
        http.get(url)


def test_an_answer_without_end_is_cut() -> None:
    wire = Wire(httpx.Response(200, content=b"x" * (LARGEST_ANSWER + 1)))
    with pytest.raises(httpx.ReadError):
        wire.client(allows_private=True).get("http://hook.example.com/")


def test_a_packed_answer_stays_packed() -> None:
    """A kilobyte could unpack to a gigabyte."""
    wire = Wire(
        httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"not gzip"))
    )
    assert wire.client(allows_private=True).get("http://hook.example.com/").content == b"not gzip"


def test_redirects_of_receivers_are_not_followed() -> None:
    with open_http(allows_private=True) as http:
        assert not http.follow_redirects


@pytest.mark.parametrize(("given", "allowed"), [({}, True), ({"host": "0.0.0.0"}, False)])
def test_without_a_word_private_targets_are_for_servers_on_loopback(
    given: dict[str, str], allowed: bool
) -> None:
    assert read_settings(given, environment={}).allows_private_targets is allowed
    assert read_settings({**given, "private_targets": True}, environment={}).allows_private_targets
    assert not read_settings({**given, "private_targets": False}, environment={}).allows_private_targets


def unsigned_from(client_id: str) -> str:
    """Looks like an assertion; nobody gets as far as its signature."""
    made: str = jwt.encode({"sub": client_id, "iss": client_id}, "s", algorithm="HS256")
    return made


class TestForEverybody:
    """A server that others reach."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "private_targets": False})

    def test_a_webhook_at_this_machine_gets_nothing(self, sandbox: Sandbox, third: Third) -> None:
        sandbox.write(add_webhook, third.client_id, "http://localhost:1/hook")
        third.approval()
        pass_time(sandbox, timedelta())
        [attempt] = sandbox.read(list_attempts)
        assert attempt.status is None
        assert "AddressRefused" in (attempt.problem or "")

    def test_a_notification_to_the_cloud_gets_nothing(self, sandbox: Sandbox, third: Third) -> None:
        with sandbox.writing() as transaction:
            transaction.clients.change(
                {"id": third.client_id}, notify_uri="http://169.254.169.254/latest/meta-data"
            )
        third.approval(scope="FB=4_39;AdditionalScope=auth-test-test_residential")
        pass_time(sandbox, timedelta())
        attempts = sandbox.read(list_attempts)
        assert attempts
        assert all("AddressRefused" in (one.problem or "") for one in attempts)

    def test_a_key_set_at_this_machine_is_not_fetched(self, sandbox: Sandbox, third: Third) -> None:
        wire = Wire(httpx.Response(200, json={"keys": []}))
        transport = Outgoing(httpx.MockTransport(wire), allows_private=False)
        guarded = replace(sandbox, open_http=lambda: httpx.Client(transport=transport))
        with sandbox.writing() as transaction:
            transaction.clients.change(
                {"id": third.client_id}, auth_method="private_key_jwt", jwks_uri="http://localhost:1/keys"
            )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": unsigned_from(third.client_id),
        }
        with browser(app_around(guarded)) as http:
            answer = http.post("/oauth/token", data=form)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
        assert wire.sent == []
