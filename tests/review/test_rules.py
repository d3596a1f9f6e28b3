"""Each rule as a table: bad clients are caught by it and by no other rule, good ones are clean."""

from datetime import timedelta
from typing import Any

import pytest

from mock_server.review import RULES, Rule
from mock_server.review.judge import judge
from tests.review.cases import BATCH, CALLBACK, NOON, RESOURCE, Story

STATE = "state=abc&scope=FB%3D4"
PKCE = "code_challenge=x&code_challenge_method=S256"
DENIED = "error=access_denied&state=abc"
HOUR, DAY = 3_600, 86_400
GONE: dict[str, Any] = {"revoked": NOON + timedelta(seconds=10)}
EXPIRED: dict[str, Any] = {"status": 401, "error": "invalid_token"}
NO_SCOPE: dict[str, Any] = {"status": 403, "error": "insufficient_scope"}
NOT_THERE: dict[str, Any] = {"status": 404, "error": "not_found"}
ENDED: dict[str, Any] = {"status": 403, "error": "invalid_grant"}
REFUSED: dict[str, Any] = {"status": 400, "error": "invalid_grant"}
ROTATED: dict[str, Any] = {"ended": NOON, "ended_because": "it was refreshed"}
WAIT: dict[str, Any] = {"status": 202, "answers": {"retry-after": "10"}}
CUSTOMER = f"{RESOURCE}/Batch/RetailCustomer/7"


def redeem(story: Story, **about: Any) -> Story:
    sent = {"code": "***code", "redirect_uri": CALLBACK, **about}
    return story.token("authorization_code", **sent)


def refresh(story: Story, **about: Any) -> Story:
    return story.token("refresh_token", **{"refresh_token": "***refresh", **about})


def requested_again(story: Story, *, after: float, scope: str = "FB=1_3_4_16") -> Story:
    """The customer authorizes a second time."""
    later = NOON + timedelta(seconds=after + 60)
    story.wait(seconds=after).authorize("state=second", reports="code=***second&state=second")
    story.has_authorization("8", created=later, requested_scope=scope)
    story.has_code("***second", authorization_uid="8", issued=later, expires=later + timedelta(minutes=5))
    return redeem(story.wait(seconds=60), code="***second")


BAD = {
    "state-missing": [
        Story().step("POST", "/oauth/par", form={"client_id": "me", "scope": "FB=4"}, status=201),
        Story().authorize("scope=FB%3D4"),
        Story().authorize("state=&scope=FB%3D4"),
    ],
    "state-reused": [
        Story().authorize(STATE, reports="code=***code&state=abc").authorize(STATE),
        Story().authorize(STATE).authorize("state=abc&scope=FB%3D16"),
        Story().authorize(STATE, reports=DENIED).stand_still().authorize(STATE),
    ],
    "scope-not-encoded": [
        Story().authorize("state=a&scope=FB=4_16;HistoryLength=1"),
        Story().authorize("state=a&scope=FB%3D4;HistoryLength%3D1"),
        Story().authorize("state=a&scope=FB%253D4%253BHistoryLength%253D1"),
    ],
    "redirect-uri": [
        Story().authorize(
            "state=a&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback%2F",
            status=403,
            error="invalid_redirect_uri",
        ),
        redeem(Story().has_code(), redirect_uri=CALLBACK + "/", **REFUSED),
        Story().has_code().token("authorization_code", code="***code", status=400, error="invalid_request"),
    ],
    "live-without-tls": [
        Story(mode="live").authorize("state=a&redirect_uri=http%3A%2F%2Fapp.example.com%2Fcallback"),
        Story(mode="live").authorize("state=a&redirect_uri=HTTP%3A%2F%2F192.168.0.7%2Fcallback"),
    ],
    "pkce-missing": [
        Story(auth_method="none").authorize("state=a", error="invalid_request"),
        Story(auth_method="none").authorize("state=a&code_challenge=x&code_challenge_method=plain"),
        Story(auth_method="none").authorize("state=a&code_challenge=x"),
    ],
    "denial-ignored": [
        Story()
        .authorize(STATE, reports=DENIED)
        .token("authorization_code", redirect_uri=CALLBACK, status=400, error="invalid_request"),
        redeem(Story().authorize(STATE, reports=DENIED), code="***none", **REFUSED),
        redeem(
            Story().authorize(STATE).step("POST", "/connect/1/consent", answers={"location": f"/?{DENIED}"}),
            code="***none",
            **REFUSED,
        ),
    ],
    "code-late": [redeem(Story().has_code().wait(seconds=301), **REFUSED)],
    "code-twice": [redeem(redeem(Story().has_code()), **REFUSED)],
    "secret-in-url": [
        Story().token("client_credentials", query="client_id=me&client_secret=***secret"),
        Story().step("GET", "/oauth/token", query="refresh_token=***refresh", status=400),
    ],
    "token-in-url": [Story().step("GET", "/api/v2/meters", query="access_token=***api")],
    "token-mixed-up": [
        Story().connected().read(token="***refresh", **EXPIRED),
        Story().connected().read(f"{RESOURCE}/Authorization/7", **NO_SCOPE),
        Story().connected().has_token("***client", "client").read(BATCH, "***client", **NO_SCOPE),
    ],
    "access-token-expired": [
        Story().connected().wait(seconds=HOUR).read(**EXPIRED).read(**EXPIRED),
        refresh(Story().connected().wait(seconds=HOUR).read(**EXPIRED)).read(CUSTOMER, **EXPIRED),
        Story().connected().wait(seconds=HOUR).read(**EXPIRED).stand_still().read(**EXPIRED),
    ],
    "refresh-dead-token": [
        refresh(Story().connected().has_token("***refresh", "refresh", **ROTATED), **REFUSED),
        refresh(Story().connected(), refresh_token="***access", **REFUSED),
        refresh(
            refresh(Story().connected().has_token("***refresh", "refresh", expires=NOON), **REFUSED),
            **REFUSED,
        ),
    ],
    "refresh-never": [requested_again(Story().connected(), after=HOUR)],
    "scope-ignored": [
        Story().connected().read(CUSTOMER, **NO_SCOPE),
        Story().connected().read(f"{RESOURCE}/Statement", **NO_SCOPE),
        refresh(Story().connected(), scope="FB=51", status=400, error="invalid_scope"),
    ],
    "resource-guessed": [
        Story().connected().read(f"{RESOURCE}/Batch/Subscription/9", **NO_SCOPE),
        Story().connected().read(f"{RESOURCE}/Batch/Subscription/1", **NOT_THERE),
        Story().connected().read(f"{RESOURCE}/Subscription/7/Readings", **NOT_THERE),
    ],
    "history-again": [
        Story().connected().read().wait(seconds=DAY).read().wait(seconds=DAY).read(),
        Story()
        .connected()
        .read("/api/v2/bills", query="meters=1")
        .wait(seconds=DAY)
        .read("/api/v2/bills", query="meters=1")
        .wait(seconds=DAY)
        .read("/api/v2/bills", query="meters=1"),
    ],
    "retry-after-ignored": [
        Story().connected().read(**WAIT).read(),
        Story()
        .step("GET", "/api/v2/meters", status=429, error="too_many_requests", answers={"retry-after": "9"})
        .step("GET", "/api/v2/meters"),
    ],
    "polling-fast": [
        Story()
        .connected()
        .read(query="published-min=2026-03-01T00:00:00Z")
        .read(query="published-min=2026-03-01T00:00:00Z")
        .read(query="published-min=2026-03-01T00:00:00Z")
    ],
    "ended-still-polled": [
        Story().connected(**GONE).wait(seconds=20).read(**NO_SCOPE).read(**NO_SCOPE),
        Story().connected(expires=NOON).wait(seconds=9).read(**EXPIRED).wait(seconds=DAY).read(**EXPIRED),
        refresh(refresh(Story().connected(**GONE).wait(seconds=20), **ENDED), **ENDED),
    ],
    "notify-not-200": [
        Story().delivery(204),
        Story().delivery(500).delivery(500),
        Story().delivery(None, problem="ConnectError: refused"),
        Story().delivery(301, kind="notification"),
    ],
    "notify-slow": [
        Story().delivery(200, seconds=5.5),
        Story().delivery(None, problem="no answer in time: X"),
    ],
    "signature-unchecked": [Story().delivery(200, is_forged=True), Story().delivery(202, is_forged=True)],
}

GOOD = {
    "pkce does what state does": Story().authorize(f"scope=FB%3D4&{PKCE}"),
    "somebody opens the bare address": Story().step("GET", "/oauth/authorize", status=401),
    "a request that was pushed ahead": Story()
    .step("POST", "/oauth/par", form={"client_id": "me", "state": "abc"}, status=201)
    .authorize("request_uri=urn%3Ax"),
    "a page is loaded again": Story().authorize(STATE).authorize(STATE),
    "every request has a state of its own": Story()
    .authorize(STATE, reports="code=***code&state=abc")
    .authorize("state=def", reports="code=***other&state=def"),
    "a callback is not encoded, which a query may hold": Story().authorize(
        "state=a&redirect_uri=https://app.example.com/callback"
    ),
    "an auth value is encoded twice, as documented": Story().authorize(
        "state=a&scope=FB%3D4%3BAdditionalScope%3Dauth-email-joe%2540example.com"
    ),
    "loopback while live": Story(mode="live").authorize(
        "state=a&redirect_uri=http%3A%2F%2F127.0.0.1%3A80%2F"
    ),
    "http in sandbox mode": Story().authorize("state=a&redirect_uri=http%3A%2F%2Fapp.example.com%2F"),
    "a public client with pkce": Story(auth_method="none").authorize(f"state=a&{PKCE}"),
    "a denial, and then a new try": redeem(
        Story()
        .has_code()
        .authorize(STATE, reports=DENIED)
        .authorize("state=b", reports="code=***code&state=b")
    ),
    "a denial in one flow and a code in another": redeem(Story().has_code().authorize(STATE, reports=DENIED)),
    "a code again whose answer was lost": redeem(
        redeem(Story().has_code(), status=None, fault="f1"), **REFUSED
    ),
    "a code again after 503": redeem(redeem(Story().has_code(), status=503, fault="f1")),
    "a code again whose answer was cut": redeem(redeem(Story().has_code(), fault="f1"), **REFUSED),
    "a code that came late through faults": redeem(
        redeem(Story().has_code(), status=503, fault="f1").wait(seconds=DAY), **REFUSED
    ),
    "a code without redirect uri, twice": Story()
    .has_code(redirect_uri=None)
    .token("authorization_code", code="***code"),
    "parameters in the query, the secret in Basic": Story().token("client_credentials", query="scope=FB%3D4"),
    "expiry learnt from the refusal": refresh(Story().connected().wait(seconds=HOUR).read(**EXPIRED)).read(
        token="***new"
    ),
    "two requests at once learn it both": Story()
    .connected()
    .wait(seconds=HOUR)
    .read(**EXPIRED, duration_ms=1500.0)
    .read(CUSTOMER, **EXPIRED),
    "a refresh that a fault prevented": refresh(
        Story().connected().wait(seconds=HOUR).read(**EXPIRED), status=503, fault="f1"
    ).read(**EXPIRED),
    "a rotation whose answer was lost": refresh(
        refresh(Story().connected().has_token("***refresh", "refresh", **ROTATED), status=None, fault="f1"),
        **REFUSED,
    ),
    "a refresh token whose end was learnt from the refusal": refresh(
        Story().connected().has_token("***refresh", "refresh", expires=NOON), **REFUSED
    ),
    "a refresh refused since the customer revoked": refresh(
        Story()
        .connected(**GONE)
        .has_token("***refresh", "refresh", ended=NOON, ended_because="it was revoked")
        .wait(seconds=20),
        **REFUSED,
    ),
    "authorized again at once": requested_again(Story().connected(), after=60),
    "authorized again for more": requested_again(Story().connected(), after=HOUR, scope="FB=51"),
    "authorized again after the first was revoked": requested_again(Story().connected(**GONE), after=HOUR),
    "authorized again though refreshed once": requested_again(
        Story().connected().has_token("***later", "access"), after=HOUR
    ),
    "authorized again by the control API": Story()
    .connected()
    .has_authorization("8", created=NOON + timedelta(days=1)),
    "authorized again after a refresh was refused": requested_again(
        refresh(Story().connected(), status=503, fault="f1"), after=HOUR
    ),
    "customer data that was granted": Story().connected().read(CUSTOMER),
    "another token's class by a fault": Story().connected().read(fault="f1", **NO_SCOPE),
    "an api token looks for what is not there": Story()
    .has_token("***api", "api", authorization_uid=None)
    .read(BATCH, "***api", **NOT_THERE),
    "twice the whole": Story().connected().read().wait(seconds=DAY).read(),
    "the whole, again and again because it was cut": Story()
    .connected()
    .read(fault="f1")
    .read(fault="f1")
    .read(fault="f1")
    .read(),
    "asked for what is new": Story()
    .connected()
    .read()
    .wait(seconds=DAY)
    .read(query="published-min=2026-03-15T00:00:00Z")
    .wait(seconds=DAY)
    .read(query="published-min=2026-03-16T00:00:00Z")
    .wait(seconds=DAY)
    .read(query="published-min=2026-03-17T00:00:00Z"),
    "asked whether there is news": Story()
    .connected()
    .read()
    .wait(seconds=DAY)
    .read(headers={"if-none-match": "x"}, status=304)
    .wait(seconds=DAY)
    .read(headers={"if-none-match": "x"})
    .wait(seconds=DAY)
    .read(headers={"if-none-match": "x"}),
    "three customers, each once": Story()
    .connected()
    .read(f"{RESOURCE}/Batch/Subscription/7")
    .has_authorization("8")
    .has_token("***eight", "access", authorization_uid="8")
    .read(f"{RESOURCE}/Batch/Subscription/8", "***eight")
    .has_authorization("9")
    .has_token("***nine", "access", authorization_uid="9")
    .read(f"{RESOURCE}/Batch/Subscription/9", "***nine"),
    "waited as told": Story().connected().read(**WAIT).wait(seconds=9).read(),
    "waited, as far as a clock that stands can tell": Story().connected().read(**WAIT).stand_still().read(),
    "came back on a date": Story()
    .connected()
    .read(status=202, answers={"retry-after": "Sun, 15 Mar 2026 12:00:20 GMT"})
    .read(),
    "another batch meanwhile": Story().connected().read(**WAIT).read(CUSTOMER),
    "again after 503 at once": Story().connected().read(status=503, fault="f1").read(status=503).read(),
    "once a minute": Story()
    .connected()
    .read(query="updated-min=2026-03-01T00:00:00Z")
    .wait(seconds=60)
    .read(query="updated-min=2026-03-01T00:00:00Z")
    .wait(seconds=60)
    .read(query="updated-min=2026-03-01T00:00:00Z"),
    "a few in a row": Story().read("/api/v2/meters").read("/api/v2/meters").read("/api/v2/meters"),
    "learnt once that it was revoked": Story().connected(**GONE).wait(seconds=20).read(**NO_SCOPE),
    "learnt it at each address": refresh(
        Story().connected(**GONE).wait(seconds=20).read(**NO_SCOPE).read(CUSTOMER, **NO_SCOPE), **ENDED
    ),
    "expired, refreshed, and revoked while the clock stood": Story()
    .connected(revoked=NOON)
    .stand_still()
    .read(**EXPIRED)
    .read(**NO_SCOPE),
    "one ended, the other goes on": Story()
    .connected(**GONE)
    .wait(seconds=20)
    .read(**NO_SCOPE)
    .has_authorization("8")
    .has_token("***eight", "access", authorization_uid="8")
    .read(f"{RESOURCE}/Batch/Subscription/8", "***eight"),
    "notified": Story().delivery(200, seconds=0.1).delivery(200, kind="notification"),
    "refuses the forged one": Story().delivery(401, is_forged=True).delivery(200),
    "held back by us": Story().delivery(None, problem="held back by the simulated fault f1"),
}


@pytest.mark.parametrize(
    ("rule", "story"), [(rule, story) for rule, stories in BAD.items() for story in stories]
)
def test_a_bad_client_is_caught_by_that_rule_alone(rule: str, story: Story) -> None:
    assert story.rules == [rule]


@pytest.mark.parametrize("story", GOOD.values(), ids=GOOD)
def test_a_good_client_is_clean(story: Story) -> None:
    assert story.rules == []


METERS, SINCE = "/api/v2/meters", {"query": "updated-min=2026-03-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("path", "seconds", "times", "found"),
    [
        (BATCH, 59.9, 2, 0),
        (BATCH, 59.9, 3, 1),
        (BATCH, 60, 9, 0),
        ("/api/v2/bills", 59.9, 3, 1),
        (METERS, 0.9, 4, 0),
        (METERS, 0.9, 5, 1),
        (METERS, 1, 9, 0),
    ],
)
def test_downloads_may_come_once_a_minute_and_other_reads_once_a_second(
    path: str, seconds: float, times: int, found: int
) -> None:
    story = Story().connected()
    for _ in range(times):
        story.read(path, **SINCE).wait(seconds=seconds - 1)  # a step itself takes a second
    assert story.rules == ["polling-fast"] * found


def many(times: int, **about: Any) -> Story:
    """Downloads a second apart."""
    story = Story().connected()
    for _ in range(times):
        story.read(**SINCE, **about)
    return story


AT_THE_EDGE = {
    "a download that failed is no download": (many(5, status=500), None),
    "nor one that a fault struck": (many(5, fault="f1"), None),
    "nor a look at the headers": (many(5, method="HEAD"), None),
    "nor the news that there is none": (many(5, status=304), None),
    "another address has a count of its own": (
        many(2).read(CUSTOMER, **SINCE).read(CUSTOMER, **SINCE),
        None,
    ),
    "another token too": (many(2).has_token("***other", "access").read(token="***other", **SINCE), None),
    "a code in its last second": (redeem(Story().has_code().wait(seconds=299.9)), None),
    "a code when it has expired": (redeem(Story().has_code().wait(seconds=300), **REFUSED), "code-late"),
    "an answer after nearly five seconds": (Story().delivery(200, seconds=4.9), None),
    "an answer after five seconds": (Story().delivery(200, seconds=5.0), "notify-slow"),
    "half a second before Retry-After": (
        Story().connected().read(**WAIT).wait(seconds=8.5).read(),
        None,
    ),
    "more than half a second before Retry-After": (
        Story().connected().read(**WAIT).wait(seconds=8.4).read(),
        "retry-after-ignored",
    ),
}


@pytest.mark.parametrize(("story", "rule"), AT_THE_EDGE.values(), ids=AT_THE_EDGE)
def test_a_rule_begins_where_it_says(story: Story, rule: str | None) -> None:
    assert story.rules == ([] if rule is None else [rule])


def test_a_sloppy_redirect_uri_is_reported_in_what_it_differs() -> None:
    (story, *_) = BAD["redirect-uri"]
    (found,) = judge(story.case)
    assert f"From {CALLBACK!r} it differs in the slash at its end alone." in found.message


def test_every_rule_catches_somebody() -> None:
    assert set(BAD) == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_rests_on_and_how_to_mend_it(rule: Rule) -> None:
    assert rule.clause
    assert rule.remedy.endswith(".")
    assert not rule.says.endswith(".")
