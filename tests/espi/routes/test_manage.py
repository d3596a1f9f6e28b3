"""PUT and DELETE of a client's authorizations and registration (ESPI 4.0 §1.1, §4.5)."""

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from mock_server.actions.authorizations.authorizations import expire, revoke
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.domain.errors import InvalidClient
from mock_server.espi.check.schema import load_schema
from mock_server.espi.received.received_xml import value_of
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.espi.documents import ATOM, ESPI, hrefs, parse, payload
from tests.support import CALLBACK, Third

R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51;HistoryLength=4000000;AdditionalScope=auth-test-test_residential"


@pytest.fixture(params=["utilityapi", "certification"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return read_settings({"clock": NOON, "dialect": request.param})


class Own:
    """A document that a client reads, changes and sends back."""

    def __init__(self, third: Third, path: str, token: str) -> None:
        self.third, self.path, self.token = third, R + path, token
        self.read = third.get(self.path, token).content

    def sent(self, body: bytes | None = None, method: str = "PUT") -> tuple[int, str]:
        """The status, and the error sentence or the document of the response."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/atom+xml"}
        response = self.third.http.request(
            method, self.path, content=self.read if body is None else body, headers=headers
        )
        if response.status_code >= 400:
            return response.status_code, response.json()["error_description"]
        return response.status_code, response.text

    def with_text(self, name: str, text: str | None) -> bytes:
        """The document with `text` in the first element named `name`, or without that element."""
        root = parse(self.read)
        found = next(root.iter(ESPI + name))
        found.text = text
        if text is None:
            found.getparent().remove(found)  # type: ignore[union-attr]  # it is in the payload
        return etree.tostring(root)

    def now(self, name: str) -> list[str | None]:
        """The present texts of an element in the document."""
        return [
            element.text for element in parse(self.third.get(self.path, self.token).content).iter(ESPI + name)
        ]


@pytest.fixture
def authorization(third: Third) -> Own:
    uid = third.tokens(scope=SCOPE).authorization.uid
    return Own(third, f"/Authorization/{uid}", third.client_token())


@pytest.fixture
def application(third: Third) -> Own:
    return Own(third, f"/ApplicationInformation/{third.client_id}", third.client_token("FB=36_40"))


def test_a_document_can_be_sent_back_unchanged(authorization: Own, application: Own) -> None:
    for own in (authorization, application):
        status, text = own.sent()
        assert status == 200
        assert text.encode() == own.read
        assert own.third.get(own.path, own.token).content == own.read


def test_a_client_can_restore_an_authorization_it_deleted(third: Third, sandbox: Sandbox) -> None:
    """Certification MGA002. The authorization's tokens work again."""
    issued = third.tokens(scope=SCOPE)
    own = Own(third, f"/Authorization/{issued.authorization.uid}", third.client_token())
    batch = f"{R}/Batch/Subscription/{issued.authorization.uid}"
    for _ in range(2):
        assert own.sent(b"", "DELETE") == (200, "")
        assert own.now("status") == ["0"]
        assert third.get(batch, issued.access_token).status_code == 403
    assert own.sent()[0] == 200
    assert own.now("status") == ["1"]
    assert third.get(batch, issued.access_token).status_code == 200
    assert own.sent(own.with_text("status", "0"))[0] == 200
    assert third.get(batch, issued.access_token).status_code == 403


def test_a_client_cannot_restore_what_the_customer_ended(third: Third, sandbox: Sandbox) -> None:
    for end in (revoke, expire):
        uid = third.tokens(scope=SCOPE).authorization.uid
        own = Own(third, f"/Authorization/{uid}", third.client_token())
        sandbox.write(end, uid)
        status, sentence = own.sent()
        assert status == 400
        assert "customer" in sentence
        assert own.now("status") == ["0"]
        assert own.sent(b"", "DELETE")[0] == 200
        assert own.sent()[0] == 400, "deleting it does not let the client restore it"


def test_an_authorization_can_be_shortened_but_not_extended(authorization: Own, sandbox: Sandbox) -> None:
    displayed = int(authorization.now("duration")[0] or 0)
    for seconds, status in ((displayed - 86_400, 200), (displayed, 400), (0, 400), (displayed - 86_400, 200)):
        assert authorization.sent(authorization.with_text("duration", str(seconds)))[0] == status, seconds
        assert authorization.now("duration")[0] == str(displayed - 86_400)
    sandbox.write_alone(advance_clock, timedelta(days=2))
    token = Own(authorization.third, "/Authorization", authorization.third.client_token()).token
    late = Own(authorization.third, authorization.path.removeprefix(R), token)
    status, sentence = late.sent(late.with_text("duration", "3600"))
    assert status == 400
    assert "DELETE" in sentence


@pytest.mark.parametrize("name", ["scope", "resourceURI", "token_type", "authorizationURI"])
def test_nothing_else_of_an_authorization_can_be_changed(authorization: Own, name: str) -> None:
    for text in ("FB=4", None):
        status, sentence = authorization.sent(authorization.with_text(name, text))
        assert status == 400
        assert sentence.startswith(f"{name} is missing." if text is None else f"{name} cannot be changed")
    assert authorization.third.get(authorization.path, authorization.token).content == authorization.read


def test_a_duration_is_limited_to_the_schemas_maximum(third: Third) -> None:
    uid = third.tokens(scope=f"PreferredAuthEndDate=9999999999;{SCOPE}").authorization.uid
    own = Own(third, f"/Authorization/{uid}", third.client_token())
    assert own.now("duration")[0] == str(2**32 - 1)


@pytest.mark.parametrize(
    ("client_id", "custodian", "third_party"),
    [("DEMOUTILITY_ccccccccc", "1", "1"), ("DEMOUTILITY_livelive1", "2", "3")],
)
def test_an_application_states_whether_it_is_live(
    third: Third, client_id: str, custodian: str, third_party: str
) -> None:
    """ESPI 4.0, DataCustodianApplicationStatus and ThirdPartyApplicationStatus."""
    client = Third(third.sandbox, third.http, client_id=client_id)
    own = Own(client, f"/ApplicationInformation/{client_id}", client.client_token("FB=36_40"))
    assert own.now("dataCustodianApplicationStatus") == [custodian]
    assert own.now("thirdPartyApplicationStatus") == [third_party]


@pytest.mark.parametrize("text", ["2", "", "active", "-1"])
def test_a_status_must_be_0_or_1(authorization: Own, text: str) -> None:
    assert authorization.sent(authorization.with_text("status", text))[0] == 400


@pytest.mark.parametrize("text", ["-5", "x", "", "9" * 30, "9999999999", "\uff11"])
def test_a_duration_must_be_a_number_of_seconds(authorization: Own, text: str) -> None:
    assert authorization.sent(authorization.with_text("duration", text))[0] == 400
    assert authorization.sent(authorization.with_text("start", text))[0] == 400


def test_a_clients_own_authorization_cannot_be_changed(third: Third) -> None:
    token = third.client_token()
    with third.sandbox.store.reading() as transaction:
        found = transaction.authorizations.find(client_id=third.client_id, kind="client")
    assert found is not None
    own = Own(third, f"/Authorization/{found.uid}", token)
    for method in ("PUT", "DELETE"):
        assert own.sent(method=method)[0] == 403


def test_an_empty_or_absent_element_has_no_value() -> None:
    own = parse(f'<A xmlns="{ESPI[1:-1]}"><b> </b><c/><d> x </d></A>'.encode())
    assert [value_of(own, name) for name in "bcde"] == [None, None, "x", None]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><entry xmlns="http://www.w3.org/2005/Atom">&c;</entry>"""
FILE = b"""<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><entry xmlns="http://www.w3.org/2005/Atom">&a;</entry>"""


@pytest.mark.parametrize(
    ("body", "status", "result"),
    [
        (b"", 400, "empty"),
        (b"  \n", 400, "empty"),
        (b"<entry>\n<x></entry>", 400, "line 2"),
        (b"\x00\xff", 400, "line 1"),
        (b'{"status": 0}', 400, "line 1"),
        (BOMB, 400, "DOCTYPE"),
        (FILE, 400, "DOCTYPE"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"), 400, "DOCTYPE"),
        (b"<a>" * 5000, 400, "line 1"),
        (b"<entry/>", 400, "root"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', 400, "root"),
        (b'<entry xmlns="http://www.w3.org/2005/Atom"/>', 400, "content is empty"),
        (
            b'<entry xmlns="http://www.w3.org/2005/Atom"><content><x/></content></entry>',
            400,
            "content is {http://www.w3.org/2005/Atom}x",
        ),
        (b"<x>" + b"a" * 1_000_001 + b"</x>", 413, "larger"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_body_that_is_not_the_entry_is_refused(
    authorization: Own, application: Own, body: bytes, status: int, result: str
) -> None:
    for own in (authorization, application):
        found, sentence = own.sent(body)
        assert found == status
        assert result in sentence
        assert "root:" not in sentence, "no file was read"
        assert own.third.get(own.path, own.token).content == own.read


CHANGES = {
    "thirdPartyApplicationDescription": "Shows your use",
    "thirdPartyApplicationType": "3",
    "thirdPartyApplicationUse": "6",
    "thirdPartyPhone": "+1 555 010 0000",
    "thirdPartyNotifyUri": "https://tp.example.com/ThirdParty/espi/1_1/Notification",
    "thirdPartyScopeSelectionScreenURI": "https://tp.example.com/ThirdParty/espi/1_1/RetailCustomer/ScopeSelection",
    "thirdPartyUserPortalScreenURI": "https://tp.example.com/ThirdParty/espi/1_1/home",
    "logo_uri": "https://tp.example.com/logo.png",
    "client_name": "Näme & Co",
    "client_uri": "https://tp.example.com/",
    "tos_uri": "https://tp.example.com/tos",
    "policy_uri": "https://tp.example.com/policy",
    "software_id": "app",
    "software_version": "2.0",
    "scope": "FB=4_16_39_51",
}


def with_changes(read: bytes, values: dict[str, str]) -> bytes:
    """The document with these values. New elements are appended; the server accepts any order."""
    root = parse(read)
    content = payload(root)
    before = {str(child.tag): child for child in content}
    for name, value in values.items():
        if ESPI + name in before:
            before[ESPI + name].text = value
            continue
        etree.SubElement(content, ESPI + name).text = value
    return etree.tostring(root)


def test_a_client_can_change_its_own_fields(application: Own) -> None:
    status, text = application.sent(with_changes(application.read, CHANGES))
    assert status == 200, text
    for name, value in CHANGES.items():
        assert application.now(name) == [value]
    assert application.third.client.company_name == "Näme & Co"
    again = Own(application.third, application.path.removeprefix(R), application.token)
    assert again.sent() == (200, again.read.decode())


@pytest.mark.schemas
def test_a_changed_registration_validates(application: Own, schema_dir: Path) -> None:
    application.sent(with_changes(application.read, CHANGES))
    schema = load_schema(schema_dir)
    root = parse(application.third.get(application.path, application.token).content)
    assert schema.validate(root), schema.error_log


def test_lists_of_a_registration_can_grow_and_shrink(application: Own, third: Third) -> None:
    root = parse(application.read)
    content = payload(root)
    place = list(content).index(content.find(f"{ESPI}redirect_uri"))  # type: ignore[arg-type]  # it exists
    for name, value in (("redirect_uri", "https://tp.example.com/back"), ("contacts", "ops@tp.example.com")):
        element = etree.Element(ESPI + name)
        element.text = value
        content.insert(place + 1, element)
    assert application.sent(etree.tostring(root))[0] == 200
    assert application.now("redirect_uri")[1:] == ["https://tp.example.com/back"]
    assert set(application.now("contacts")) == {"developers@test-company.example.com", "ops@tp.example.com"}
    assert third.client.redirect_uris[0].startswith("{base}"), "it represents this server under any host name"
    assert application.sent()[0] == 200
    assert len(application.now("redirect_uri")) == len(application.now("contacts")) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dataCustodianId", "OTHER"),
        ("dataCustodianApplicationStatus", "2"),
        ("client_secret", "x"),
        ("client_id", "x"),
        ("registration_access_token", "x"),
        ("authorizationServerTokenEndpoint", "https://elsewhere.example.com/token"),
        ("token_endpoint_auth_method", "none"),
        ("grant_types", "password"),
        ("thirdPartyApplicationStatus", "3"),
        ("client_name", ""),
        ("client_name", "x" * 257),
        ("client_uri", "javascript:alert(1)"),
        ("thirdPartyNotifyUri", "/relative"),
        ("redirect_uri", ""),
        ("redirect_uri", "no uri"),
        ("redirect_uri", "https://tp.example.com/#fragment"),
        ("contacts", "nobody"),
        ("scope", ""),
        ("scope", "FB=????"),
        ("software_version", "v" * 33),
        ("client_id", None),
    ],
)
def test_an_invalid_registration_is_refused_with_the_element_name(
    application: Own, name: str, text: str | None
) -> None:
    status, sentence = application.sent(application.with_text(name, text))
    assert status == 400
    assert name in sentence or "scope" in sentence
    assert application.third.get(application.path, application.token).content == application.read


def test_a_client_can_restore_its_deleted_registration(application: Own, third: Third) -> None:
    """Certification MGT002: PUT after DELETE. In between, only the client's registration token works."""
    issued = third.tokens(scope=SCOPE)
    batch = f"{R}/Batch/Subscription/{issued.authorization.uid}"
    assert application.sent(b"", "DELETE") == (200, "")
    assert application.now("dataCustodianApplicationStatus") == ["4"]
    assert application.now("thirdPartyApplicationStatus") == ["4"]
    assert third.get(batch, issued.access_token).status_code == 401
    assert third.get(batch, third.client.api_token).status_code == 401
    with pytest.raises(InvalidClient, match="deleted its registration"):
        third.approval()
    query = {"grant_type": "client_credentials", "scope": "FB=4"}
    refused = third.http.post(
        "/DataCustodian/oauth/token", data=query, auth=(third.client_id, third.client.secret)
    )
    assert refused.json()["error"] == "invalid_client"
    assert application.sent()[0] == 200
    assert application.third.get(application.path, application.token).content == application.read
    assert third.get(batch, issued.access_token).status_code == 200
    assert third.approval(redirect_uri=CALLBACK).code
    assert application.sent(application.with_text("thirdPartyApplicationStatus", "4"))[0] == 200
    assert third.get(batch, issued.access_token).status_code == 401


def test_an_entry_links_to_itself_after_a_change(authorization: Own) -> None:
    _, text = authorization.sent(authorization.with_text("status", "0"))
    root = parse(text.encode())
    assert root.tag == f"{ATOM}entry"
    assert hrefs(root, "self") == [f"http://localhost:8000{authorization.path}"]
