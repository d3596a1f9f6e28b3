"""The review over HTTP: real clients against the whole server, bad ones and good ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import repeat
from typing import Any

import httpx
import pytest

from mock_server.actions.authorizations.authorizations import revoke
from mock_server.actions.clients.approve import set_mode
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from mock_server.webhooks.signing import SALT_HEADER, SIGNATURE_HEADER, signature
from tests.conftest import NOON
from tests.support import CALLBACK, Third, app_around, browser
from tests.webhooks.receiver import HOOK, Answer, Receiver

SCOPE = "FB=4_16_51;HistoryLength=86400;AdditionalScope=auth-test-test_residential"
AUTHORIZE, TOKEN = "/DataCustodian/oauth/authorize", "/DataCustodian/oauth/token"


@dataclass
class App:
    """A third party's program, which sends what it is told."""

    third: Third
    states: int = 0

    @property
    def http(self) -> httpx.Client:
        return self.third.http

    def wait(self, **time: float) -> None:
        """Time passes."""
        self.third.sandbox.write_alone(advance_clock, timedelta(**time))

    def send_customer(self, *, decision: str = "approve", **changed: Any) -> dict[str, str]:
        """An authorize request, answered at once; what the callback gets."""
        self.states += 1
        armed = {"enabled": True, "times": 1, "decision": decision}
        self.http.post("/_mock/auto-approve", json=armed)
        query = {
            "response_type": "code",
            "client_id": self.third.client_id,
            "redirect_uri": CALLBACK,
            "scope": SCOPE,
            "state": f"state-{self.states}",
            **changed,
        }
        sent = {name: value for name, value in query.items() if value is not None}
        answer = self.http.get(AUTHORIZE, params=sent)
        return dict(httpx.URL(answer.headers.get("location", "")).params)

    def token(self, **form: str) -> httpx.Response:
        """A call of the token endpoint."""
        return self.http.post(TOKEN, data=form, auth=(self.third.client_id, self.third.client.secret))

    def redeem(self, code: str, redirect_uri: str = CALLBACK) -> dict[str, Any]:
        """A code for tokens."""
        return self.token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri).json()

    def connect(self, **changed: Any) -> dict[str, Any]:
        """The whole flow."""
        return self.redeem(self.send_customer(**changed)["code"])

    def refresh(self, tokens: dict[str, Any]) -> httpx.Response:
        """A new access token."""
        return self.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    def read(self, tokens: dict[str, Any], url: str | None = None, **options: Any) -> httpx.Response:
        """Read with the access token; in this test only the head of a feed matters."""
        address = httpx.URL(url or tokens["resourceURI"]).path
        with self.http.stream(
            "GET", address, headers={"Authorization": f"Bearer {tokens['access_token']}"}, **options
        ) as answer:
            return answer


@pytest.fixture
def app(third: Third) -> App:
    return App(third)


def findings(http: httpx.Client, **query: str) -> list[dict[str, Any]]:
    answer = http.get("/_mock/review", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["findings"]


def rules(app: App) -> list[str]:
    return [one["rule"] for one in findings(app.http)]


def no_state(app: App) -> None:
    app.connect(state=None)


def same_state(app: App) -> None:
    app.connect(state="always")
    app.connect(state="always")


def bare_scope(app: App) -> None:
    query = f"response_type=code&client_id={app.third.client_id}&state=s&scope=FB=4_16;HistoryLength=8000000"
    app.http.get(f"{AUTHORIZE}?{query}")


def sloppy_redirect(app: App) -> None:
    app.send_customer(redirect_uri=CALLBACK.replace("127.0.0.1", "app.example.com"))


def other_redirect(app: App) -> None:
    app.redeem(app.send_customer()["code"], redirect_uri=CALLBACK + "/")


def live_in_the_clear(app: App) -> None:
    app.third.sandbox.write(set_mode, app.third.client_id, "live")
    app.send_customer(redirect_uri="http://app.example.com/callback")


def public_without_pkce(app: App) -> None:
    app.send_customer(client_id="DEMOUTILITY_publicapp")


def deaf_to_denial(app: App) -> None:
    callback = app.send_customer(decision="decline")
    app.redeem(callback.get("code", "None"))


def late(app: App) -> None:
    code = app.send_customer()["code"]
    app.wait(minutes=6)
    app.redeem(code)


def twice(app: App) -> None:
    code = app.send_customer()["code"]
    app.redeem(code)
    app.redeem(code)


def secret_in_address(app: App) -> None:
    secret = {"client_id": app.third.client_id, "client_secret": app.third.client.secret}
    app.http.post(TOKEN, params={"grant_type": "client_credentials", **secret})


def token_in_address(app: App) -> None:
    app.http.get("/api/v2/meters", params={"access_token": app.third.client.api_token})


def refresh_token_as_bearer(app: App) -> None:
    tokens = app.connect()
    app.read({**tokens, "access_token": tokens["refresh_token"]})


def expired_again(app: App) -> None:
    tokens = app.connect()
    app.wait(hours=1)
    app.read(tokens)
    app.read(tokens)


def access_token_to_refresh(app: App) -> None:
    tokens = app.connect()
    app.refresh({"refresh_token": tokens["access_token"]})


def never_refreshes(app: App) -> None:
    app.connect()
    app.wait(hours=2)
    app.connect()


def ignores_the_scope(app: App) -> None:
    tokens = app.connect(scope=SCOPE.replace("_51", ""))
    app.read(tokens, tokens["resourceURI"].replace("Subscription", "RetailCustomer"))


def guesses(app: App) -> None:
    app.read(app.connect(), "/DataCustodian/espi/1_1/resource/Batch/Subscription/1")


def takes_all_again(app: App) -> None:
    tokens = app.connect()
    for _ in range(3):
        app.read(tokens)
        app.wait(minutes=2)


def impatient(app: App) -> None:
    tokens = app.connect(scope=SCOPE.replace("residential", "slow"))
    app.read(tokens)
    app.wait(seconds=1)
    app.read(tokens)


def hasty(app: App) -> None:
    tokens = app.connect()
    for _ in range(5):
        app.read(tokens, "/api/v2/authorizations")
        app.wait(seconds=0.2)


def deaf_to_revocation(app: App) -> None:
    tokens = app.connect()
    app.third.sandbox.write(revoke, tokens["resourceURI"].rpartition("/")[2])
    app.wait(seconds=1)
    app.read(tokens)
    app.read(tokens)


BAD: dict[str, list[Callable[[App], None]]] = {
    "state-missing": [no_state],
    "state-reused": [same_state],
    "scope-not-encoded": [bare_scope],
    "redirect-uri": [sloppy_redirect, other_redirect],
    "live-without-tls": [live_in_the_clear],
    "pkce-missing": [public_without_pkce],
    "denial-ignored": [deaf_to_denial],
    "code-late": [late],
    "code-twice": [twice],
    "secret-in-url": [secret_in_address],
    "token-in-url": [token_in_address],
    "token-mixed-up": [refresh_token_as_bearer],
    "access-token-expired": [expired_again],
    "refresh-dead-token": [access_token_to_refresh],
    "refresh-never": [never_refreshes],
    "scope-ignored": [ignores_the_scope],
    "resource-guessed": [guesses],
    "history-again": [takes_all_again],
    "retry-after-ignored": [impatient],
    "polling-fast": [hasty],
    "ended-still-polled": [deaf_to_revocation],
}


@pytest.mark.parametrize(
    ("rule", "act"),
    [(rule, act) for rule, acts in BAD.items() for act in acts],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_bad_client_is_reported(app: App, rule: str, act: Callable[[App], None]) -> None:
    act(app)
    assert rule in rules(app)


def good_month(app: App) -> None:
    """A month in the life of a client that does everything right, whatever the weather."""
    denied = app.send_customer(decision="decline")
    assert denied["error"] == "access_denied"
    tokens = app.connect()
    app.read(tokens)
    app.read(tokens, tokens["customerResourceURI"])
    for _ in range(3):
        app.wait(days=10)
        assert app.read(tokens).status_code == 401
        tokens = app.refresh(tokens).json()
        since = (app.third.sandbox.clock.now() - timedelta(days=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
        assert app.read(tokens, params={"published-min": since}).status_code == 200
    app.third.sandbox.write(revoke, tokens["resourceURI"].rpartition("/")[2])
    assert app.read(tokens).status_code == 403


def test_a_good_client_is_clean(app: App) -> None:
    good_month(app)
    assert findings(app.http) == []


def test_faults_do_not_make_a_good_client_bad(app: App) -> None:
    for path, effect in (("*/token", {"reset": True}), ("*/Batch/*", {"status": 503})):
        app.http.post("/_mock/faults", json={"match": {"path": path}, "effect": effect, "times": 1})
    code = app.send_customer()["code"]
    with pytest.raises(ConnectionResetError):
        app.redeem(code)
    tokens = app.redeem(code)
    assert app.read(tokens).status_code == 503
    assert app.read(tokens).status_code == 200
    assert findings(app.http) == []


def test_a_finding_has_its_fixed_keys_and_names_the_exchange(app: App) -> None:
    no_state(app)
    (found,) = findings(app.http, client_id=app.third.client_id)
    assert set(found) >= {"rule", "severity", "message", "remedy", "exchange_id"}
    assert (found["rule"], found["severity"], found["times"]) == ("state-missing", "error", 1)
    exchange = app.http.get(f"/_mock/exchanges/{found['exchange_id']}").json()
    assert (exchange["method"], exchange["path"]) == ("GET", AUTHORIZE)


def test_one_mistake_made_often_is_reported_once(app: App) -> None:
    for _ in range(3):
        no_state(app)
    assert [(one["rule"], one["times"]) for one in findings(app.http)] == [("state-missing", 3)]


def test_another_clients_mistakes_are_not_mine(app: App) -> None:
    no_state(app)
    assert findings(app.http, client_id="DEMOUTILITY_publicapp") == []
    assert app.http.get("/_mock/review", params={"client_id": "nobody"}).status_code == 401


def test_another_sandbox_has_a_review_of_its_own(app: App) -> None:
    no_state(app)
    assert app.http.get("/~other/_mock/review").json() == {"findings": []}


def test_a_reset_forgives(app: App) -> None:
    no_state(app)
    app.http.post("/_mock/reset")
    assert findings(app.http) == []


def test_a_browser_gets_a_page(app: App) -> None:
    clean = app.http.get("/_mock/review", headers={"Accept": "text/html"})
    assert "No problems found" in clean.text
    no_state(app)
    page = app.http.get("/_mock/review", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    (found,) = findings(app.http)
    assert found["message"] in page.text
    assert f"/_mock/console/exchanges/{found['exchange_id']}" in page.text


def test_no_finding_reports_a_secret(app: App) -> None:
    for act in (secret_in_address, token_in_address, refresh_token_as_bearer):
        act(app)
    result = app.http.get("/_mock/review").text
    assert len(findings(app.http)) >= 3
    assert app.third.client.secret not in result
    assert app.third.client.api_token not in result


class TestStrict:
    """`--review strict`: what the request alone shows to be an error is refused in its protocol."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "review": "strict"})

    def test_a_missing_state_is_reported_at_the_redirect_uri(self, app: App) -> None:
        callback = app.send_customer(state=None)
        assert callback["error"] == "invalid_request"
        assert "state-missing" in callback["error_description"]

    def test_a_secret_in_the_address_is_reported_by_the_token_endpoint(self, app: App) -> None:
        secret = {"client_id": app.third.client_id, "client_secret": app.third.client.secret}
        answer = app.http.post(TOKEN, params={"grant_type": "client_credentials", **secret})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert "secret-in-url" in answer.json()["error_description"]

    def test_a_live_redirect_without_tls_is_never_followed(self, app: App) -> None:
        uri = "http://app.example.com/callback"
        with app.third.sandbox.writing() as transaction:
            transaction.clients.change({"id": app.third.client_id}, mode="live", redirect_uris=(uri,))
        answer = app.http.get(AUTHORIZE, params={"client_id": app.third.client_id, "redirect_uri": uri})
        assert answer.status_code == 403
        assert "location" not in answer.headers
        assert "live-without-tls" in answer.text

    def test_a_good_client_notices_nothing(self, app: App) -> None:
        good_month(app)
        assert findings(app.http) == []


class TestLenient:
    """`--review lenient`: errors only."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "review": "lenient"})

    def test_warnings_are_stored_back(self, app: App) -> None:
        bare_scope(app)
        assert findings(app.http) == [one for one in findings(app.http) if one["severity"] == "error"]
        assert "scope-not-encoded" not in rules(app)
        assert "state-missing" not in rules(app)


class TestWebhooks:
    """What receivers of our deliveries do."""

    @pytest.fixture
    def receiver(self) -> Receiver:
        return Receiver()

    @pytest.fixture
    def http(self, sandbox: Sandbox, receiver: Receiver) -> Iterator[httpx.Client]:
        with browser(app_around(receiver.in_front_of(sandbox))) as client:
            client.post("/_mock/webhooks", json={"url": HOOK})
            yield client

    @pytest.mark.parametrize(
        ("answer", "rule"),
        [(204, "notify-not-200"), (500, "notify-not-200"), (httpx.ReadTimeout("x"), "notify-slow")],
    )
    def test_a_receiver_that_does_not_answer_200_is_reported(
        self, http: httpx.Client, receiver: Receiver, answer: Answer, rule: str
    ) -> None:
        receiver.answers = repeat(answer)
        http.post("/_mock/webhooks/1/ping")
        (found,) = findings(http)
        assert (found["rule"], found["exchange_id"], found["request"]) == (rule, None, f"POST {HOOK}")

    def test_a_receiver_that_answers_200_is_clean(self, http: httpx.Client) -> None:
        http.post("/_mock/webhooks/1/ping")
        assert findings(http) == []

    @pytest.mark.parametrize(("answer", "found"), [(200, ["signature-unchecked"]), (401, [])])
    def test_a_probe_shows_who_checks_signatures(
        self, http: httpx.Client, receiver: Receiver, answer: int, found: list[str]
    ) -> None:
        receiver.answers = repeat(answer)
        probed = http.post("/_mock/review/probe", json={}).json()["attempts"]
        assert [(one["target"], one["status"]) for one in probed] == [(HOOK, answer)]
        (sent,) = receiver.requests
        secret = http.get("/_mock/clients").json()["clients"][0]["webhook_secret"]
        right = signature(secret, sent.headers[SALT_HEADER], sent.content)
        assert sent.headers[SIGNATURE_HEADER] != right
        assert [one["rule"] for one in findings(http)] == found

    def test_the_fault_of_a_bad_signature_probes_as_well(
        self, http: httpx.Client, receiver: Receiver
    ) -> None:
        receiver.answers = iter([401, 200])
        fault = {"match": {"surface": "webhooks"}, "effect": {"webhook": "bad_signature"}, "times": 2}
        http.post("/_mock/faults", json=fault)
        http.post("/_mock/webhooks/1/ping")
        assert findings(http) == []
        http.post("/_mock/webhooks/1/ping")
        assert [one["rule"] for one in findings(http)] == ["signature-unchecked"]

    def test_without_a_webhook_there_is_nothing_to_probe(self, http: httpx.Client) -> None:
        http.delete("/_mock/webhooks/1")
        assert http.post("/_mock/review/probe", json={}).status_code == 400
