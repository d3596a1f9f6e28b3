"""Secrets at rest and on their way: a whole journey, then every place is searched where one could have been left."""

import logging
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from mock_server.run.logs import Json
from mock_server.sandbox import Sandbox
from tests.pages.visitor import Visitor
from tests.portal.people import ANSWERS, Person
from tests.support import CALLBACK, Third, app_around, browser

VERIFIER = "verifier-" + "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PHONE = "FB=4;AdditionalScope=auth-phone-%2B11111111111"
EXPORTS = ("exchanges.har", "exchanges.curl", "exchanges.py")


@dataclass
class Story:
    """What happened: the secrets that are only compared, those that a developer is shown again, and all answers."""

    compared: dict[str, str] = field(default_factory=dict)
    displayed: dict[str, str] = field(default_factory=dict)
    answers: list[httpx.Response] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class Lines(logging.Handler):
    """Keeps what is logged, as the server would write it."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(Json())
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


def listening(story: Story, http: httpx.Client) -> httpx.Client:
    http.event_hooks["response"].append(story.answers.append)
    return http


def cookies_of(http: httpx.Client) -> dict[str, str]:
    return {one.name: one.value or "" for one in http.cookies.jar}


@pytest.fixture
def story(sandbox: Sandbox, third: Third) -> Iterator[Story]:
    """The whole journey."""
    result, logger = Story(), logging.getLogger("mock_server")
    handler, level = Lines(result.lines), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield played(sandbox, third, result)
    logger.removeHandler(handler)
    logger.setLevel(level)


def played(sandbox: Sandbox, third: Third, result: Story) -> Story:
    """A company registers and a customer connects it in two ways; tokens are used, refreshed, misused, revoked."""
    http = third.http
    listening(result, http)
    person = Person.registered(sandbox)
    result.compared["password"] = ANSWERS["password"]
    result.compared |= cookies_of(person.http)
    person.opens("/settings")
    listening(result, person.http)

    by_phone = Visitor.arrives(sandbox, scope=PHONE)
    by_phone.sends(channel="text")
    by_phone.sends(code=(re.findall(r"<strong>(\d{6})<", by_phone.page.text))[0]).sends(decision="decline")

    visitor = Visitor.arrives(
        sandbox, scope="FB=4_51", code_challenge=CHALLENGE, code_challenge_method="S256", state="s"
    )
    visitor.sends(username="test_residential", password="not it").sends(
        username="test_residential", password="test_residential"
    )
    visitor.sends(decision="approve")
    result.compared |= {f"{name} of the customer": value for name, value in cookies_of(visitor.http).items()}
    code = parse_qs(urlsplit(visitor.page.headers["location"]).query)["code"][0]
    result.compared |= {"code": code, "verifier": VERIFIER}

    client = third.client
    auth = (client.id, client.secret)
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code}
    http.post("/oauth/token", data={**form, "code_verifier": "w" * 43}, auth=auth)
    tokens = http.post("/oauth/token", data={**form, "code_verifier": VERIFIER}, auth=auth).json()
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    secret = {"client_id": client.id, "client_secret": client.secret}
    newer = http.post("/oauth/token", data={**again, **secret}).json()
    result.compared["access token"] = tokens["access_token"]
    result.compared["refresh token"] = tokens["refresh_token"]
    result.compared["newer access token"] = newer["access_token"]
    result.compared["client token"] = third.client_token()
    result.displayed |= {
        "client secret": client.secret,
        "api token": client.api_token,
        "registration token": client.registration_access_token,
        "webhook secret": client.webhook_secret,
    }
    for token in [*result.compared.values(), *result.displayed.values()]:
        third.get("/api/v2/meters", token)
        third.get("/DataCustodian/espi/1_1/resource/Batch/Subscription/1", token)
        for endpoint in ("introspect", "revoke"):
            http.post(f"/oauth/{endpoint}", data={"token": token}, auth=auth)
        http.post("/oauth/token", data={**again, "refresh_token": token}, auth=auth)
        http.post("/oauth/token", data={**form, "code": token}, auth=("nobody", token))
        http.get("/oauth/authorize", params={"client_id": client.id, "access_token": token})
        http.get("/api/v2/meters", params={"access_token": token})
    return result


def found(secrets: dict[str, str], text: str) -> list[str]:
    """The names of the secrets that stand there, as they are or percent-encoded."""
    return [name for name, secret in secrets.items() if secret in text or secret.replace(" ", "+") in text]


def test_what_is_only_compared_is_nowhere_in_the_database(
    story: Story, sandbox: Sandbox, http: httpx.Client, tmp_path: Path
) -> None:
    assert len(story.compared) > 10
    state = http.get("/_mock/state").text
    assert found(story.compared, state) == []
    files = [one for one in tmp_path.iterdir() if one.is_file()]
    stored = "".join(one.read_bytes().decode("latin-1") for one in files)
    assert found(story.compared, stored) == []


def test_no_secret_is_in_the_log(story: Story) -> None:
    assert len(story.lines) > 50
    assert found(story.compared | story.displayed, "\n".join(story.lines)) == []


def test_no_secret_is_in_the_journal_or_its_exports(story: Story, http: httpx.Client) -> None:
    exchanges = http.get("/_mock/exchanges", params={"limit": 1000}).json()["exchanges"]
    assert len(exchanges) > 50
    result = [http.get(f"/_mock/exchanges/{one['id']}").text for one in exchanges]
    result += [http.get(f"/_mock/{name}", params={"limit": 1000}).text for name in EXPORTS]
    result += [http.get("/_mock/review").text, str(exchanges)]
    assert [names for text in result if (names := found(story.compared | story.displayed, text))] == []


def test_no_refusal_repeats_a_secret(story: Story) -> None:
    refused = [one for one in story.answers if one.status_code >= 400]
    assert len(refused) > 50
    result = [(one.request.url.path, found(story.compared | story.displayed, one.text)) for one in refused]
    assert [one for one in result if one[1]] == []


def test_no_address_that_we_made_holds_a_secret_but_the_code(story: Story) -> None:
    places = [one.headers["location"] for one in story.answers if "location" in one.headers]
    others = {name: secret for name, secret in story.compared.items() if name != "code"} | story.displayed
    assert [place for place in places if found(others, place)] == []


def test_a_session_is_no_secret_of_the_database_either(sandbox: Sandbox, http: httpx.Client) -> None:
    """Whoever reads the database cannot take a session over: what stands there opens nothing."""
    Person.registered(sandbox)
    stolen = [one["hash"] for one in http.get("/_mock/state").json()["records"]["browser_sessions"]]
    assert stolen
    thief = browser(app_around(sandbox))
    for value in stolen:
        thief.cookies.set("mock_server_portal", value, domain="localhost.local", path="/")
        assert "Analytical" not in thief.get("/settings").text
