"""The review over HTTP: what bad and good clients send to the complete server."""

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
    """A third party's app, controlled by the test."""

    third: Third
    states: int = 0

    @property
    def http(self) -> httpx.Client:
        return self.third.http

    def wait(self, **time: float) -> None:
        """Advance the clock."""
        self.third.sandbox.write_alone(advance_clock, timedelta(**time))

    def send_customer(self, *, decision: str = "approve", **changed: Any) -> dict[str, str]:
        """Send an authorize request that is completed at once; returns the callback's parameters."""
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
        """Call the token endpoint."""
        return self.http.post(TOKEN, data=form, auth=(self.third.client_id, self.third.client.secret))

    def redeem(self, code: str, redirect_uri: str = CALLBACK) -> dict[str, Any]:
        """Redeem a code; returns the tokens."""
        return self.token(grant_type="authorization_code", code=code, redirect_uri=redirect_uri).json()

    def connect(self, **changed: Any) -> dict[str, Any]:
        """Send the customer and redeem the code; returns the tokens."""
        return self.redeem(self.send_customer(**changed)["code"])

    def refresh(self, tokens: dict[str, Any]) -> httpx.Response:
        """Request a new access token."""
        return self.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    def read(self, tokens: dict[str, Any], url: str | None = None, **options: Any) -> httpx.Response:
        """Read with the access token. The body is not read, because only the status matters here."""
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


def unencoded_scope(app: App) -> None:
    query = f"response_type=code&client_id={app.third.client_id}&state=s&scope=FB=4_16;HistoryLength=8000000"
    app.http.get(f"{AUTHORIZE}?{query}")


def unregistered_redirect(app: App) -> None:
    app.send_customer(redirect_uri=CALLBACK.replace("127.0.0.1", "app.example.com"))


def other_redirect(app: App) -> None:
    app.redeem(app.send_customer()["code"], redirect_uri=CALLBACK + "/")


def live_without_tls(app: App) -> None:
    app.third.sandbox.write(set_mode, app.third.client_id, "live")
    app.send_customer(redirect_uri="http://app.example.com/callback")


def public_without_pkce(app: App) -> None:
    app.send_customer(client_id="DEMOUTILITY_publicapp")


def redeems_after_denial(app: App) -> None:
    callback = app.send_customer(decision="decline")
    app.redeem(callback.get("code", "None"))


def redeems_late(app: App) -> None:
    code = app.send_customer()["code"]
    app.wait(minutes=6)
    app.redeem(code)


def redeems_twice(app: App) -> None:
    code = app.send_customer()["code"]
    app.redeem(code)
    app.redeem(code)


def secret_in_url(app: App) -> None:
    secret = {"client_id": app.third.client_id, "client_secret": app.third.client.secret}
    app.http.post(TOKEN, params={"grant_type": "client_credentials", **secret})


def token_in_url(app: App) -> None:
    app.http.get("/api/v2/meters", params={"access_token": app.third.client.api_token})


def refresh_token_as_bearer(app: App) -> None:
    tokens = app.connect()
    app.read({**tokens, "access_token": tokens["refresh_token"]})


def resends_expired_token(app: App) -> None:
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


def guesses_resource(app: App) -> None:
    app.read(app.connect(), "/DataCustodian/espi/1_1/resource/Batch/Subscription/1")


def reads_everything_again(app: App) -> None:
    tokens = app.connect()
    for _ in range(3):
        app.read(tokens)
        app.wait(minutes=2)


def ignores_retry_after(app: App) -> None:
    tokens = app.connect(scope=SCOPE.replace("residential", "slow"))
    app.read(tokens)
    app.wait(seconds=1)
    app.read(tokens)


def polls_fast(app: App) -> None:
    tokens = app.connect()
    for _ in range(5):
        app.read(tokens, "/api/v2/authorizations")
        app.wait(seconds=0.2)


def reads_after_revocation(app: App) -> None:
    tokens = app.connect()
    app.third.sandbox.write(revoke, tokens["resourceURI"].rpartition("/")[2])
    app.wait(seconds=1)
    app.read(tokens)
    app.read(tokens)


BAD: dict[str, list[Callable[[App], None]]] = {
    "state-missing": [no_state],
    "state-reused": [same_state],
    "scope-not-encoded": [unencoded_scope],
    "redirect-uri": [unregistered_redirect, other_redirect],
    "live-without-tls": [live_without_tls],
    "pkce-missing": [public_without_pkce],
    "denial-ignored": [redeems_after_denial],
    "code-late": [redeems_late],
    "code-twice": [redeems_twice],
    "secret-in-url": [secret_in_url],
    "token-in-url": [token_in_url],
    "token-mixed-up": [refresh_token_as_bearer],
    "access-token-expired": [resends_expired_token],
    "refresh-dead-token": [access_token_to_refresh],
    "refresh-never": [never_refreshes],
    "scope-ignored": [ignores_the_scope],
    "resource-guessed": [guesses_resource],
    "history-again": [reads_everything_again],
    "retry-after-ignored": [ignores_retry_after],
    "polling-fast": [polls_fast],
    "ended-still-polled": [reads_after_revocation],
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
    """A month of requests from a client that does everything right."""
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


def test_a_good_client_has_no_findings(app: App) -> None:
    good_month(app)
    assert findings(app.http) == []


def test_a_good_client_has_no_findings_despite_faults(app: App) -> None:
    for path, effect in (("*/token", {"reset": True}), ("*/Batch/*", {"status": 503})):
        app.http.post("/_mock/faults", json={"match": {"path": path}, "effect": effect, "times": 1})
    code = app.send_customer()["code"]
    with pytest.raises(ConnectionResetError):
        app.redeem(code)
    tokens = app.redeem(code)
    assert app.read(tokens).status_code == 503
    assert app.read(tokens).status_code == 200
    assert findings(app.http) == []


def test_a_finding_has_its_fixed_keys_and_names_the_request(app: App) -> None:
    no_state(app)
    (found,) = findings(app.http, client_id=app.third.client_id)
    assert set(found) >= {"rule", "severity", "message", "remedy", "exchange_id"}
    assert (found["rule"], found["severity"], found["times"]) == ("state-missing", "error", 1)
    exchange = app.http.get(f"/_mock/exchanges/{found['exchange_id']}").json()
    assert (exchange["method"], exchange["path"]) == ("GET", AUTHORIZE)


def test_a_repeated_mistake_is_reported_once(app: App) -> None:
    for _ in range(3):
        no_state(app)
    assert [(one["rule"], one["times"]) for one in findings(app.http)] == [("state-missing", 3)]


def test_findings_are_filtered_by_client(app: App) -> None:
    no_state(app)
    assert findings(app.http, client_id="DEMOUTILITY_publicapp") == []
    assert app.http.get("/_mock/review", params={"client_id": "nobody"}).status_code == 401


def test_each_sandbox_has_its_own_review(app: App) -> None:
    no_state(app)
    assert app.http.get("/~other/_mock/review").json() == {"findings": []}


def test_a_reset_deletes_the_findings(app: App) -> None:
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


def test_no_finding_contains_a_secret(app: App) -> None:
    for act in (secret_in_url, token_in_url, refresh_token_as_bearer):
        act(app)
    text = app.http.get("/_mock/review").text
    assert len(findings(app.http)) >= 3
    assert app.third.client.secret not in text
    assert app.third.client.api_token not in text


class TestStrict:
    """`--review strict`: the endpoint refuses a request that is an error by itself."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "review": "strict"})

    def test_a_missing_state_is_reported_at_the_redirect_uri(self, app: App) -> None:
        callback = app.send_customer(state=None)
        assert callback["error"] == "invalid_request"
        assert "state-missing" in callback["error_description"]

    def test_the_token_endpoint_refuses_a_secret_in_the_url(self, app: App) -> None:
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

    def test_a_good_client_is_not_affected(self, app: App) -> None:
        good_month(app)
        assert findings(app.http) == []


class TestLenient:
    """`--review lenient`: only errors are reported."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "review": "lenient"})

    def test_warnings_are_left_out(self, app: App) -> None:
        unencoded_scope(app)
        assert findings(app.http) == [one for one in findings(app.http) if one["severity"] == "error"]
        assert "scope-not-encoded" not in rules(app)
        assert "state-missing" not in rules(app)


class TestWebhooks:
    """The mistakes of webhook receivers."""

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

    def test_a_receiver_that_answers_200_has_no_findings(self, http: httpx.Client) -> None:
        http.post("/_mock/webhooks/1/ping")
        assert findings(http) == []

    @pytest.mark.parametrize(("answer", "found"), [(200, ["signature-unchecked"]), (401, [])])
    def test_a_probe_finds_receivers_that_do_not_check_signatures(
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

    def test_a_bad_signature_fault_is_also_a_probe(self, http: httpx.Client, receiver: Receiver) -> None:
        receiver.answers = iter([401, 200])
        fault = {"match": {"surface": "webhooks"}, "effect": {"webhook": "bad_signature"}, "times": 2}
        http.post("/_mock/faults", json=fault)
        http.post("/_mock/webhooks/1/ping")
        assert findings(http) == []
        http.post("/_mock/webhooks/1/ping")
        assert [one["rule"] for one in findings(http)] == ["signature-unchecked"]

    def test_a_probe_requires_a_webhook(self, http: httpx.Client) -> None:
        http.delete("/_mock/webhooks/1")
        assert http.post("/_mock/review/probe", json={}).status_code == 400
