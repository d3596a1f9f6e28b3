"""A sandbox in which everything exists once: clients, tokens of every class, sessions, requests at each step."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from mock_server.domain.consent.bulk import bulk_id_of
from mock_server.testing.server import MockServer
from tests.fuzzing.visitor import Browser
from tests.portal.people import ANSWERS

BASE_SNAPSHOT = "fuzzing"
OTHER_SNAPSHOT = "other"
OTHER_SANDBOX = "other"
NEAR_THE_END = "2099-12-01T17:00:00Z"  # clocks end with 2099, so that no call brings on years of events
THE_EXCHANGE = "the exchange"  # stands for its id: the journal is empty after each restoring
NOBODY_LISTENS = "http://127.0.0.1:9/hook"  # the port `discard`: refused at once, on this machine
CALLBACK = "http://127.0.0.1:5000/callback"
AUTHORIZE = {
    "response_type": "code",
    "client_id": "DEMOUTILITY_ccccccccc",
    "redirect_uri": CALLBACK,
    "state": "s",
}
ALL_DATA = "FB=1_3_4_5_10_13_14_15_16_17_18_19_34_35_51;HistoryLength=8000000;AdditionalScope=auth-test-{}"
NO_CODE = "FB=4_51;HistoryLength=8000000;AdditionalScope=auth-{}"


@dataclass(repr=False)
class World:
    """What a fuzzed call may use: `callers` by name (their headers), and real `values` by parameter name."""

    server: MockServer
    http: httpx.Client
    callers: dict[str, dict[str, str]] = field(default_factory=lambda: {"nobody": {}})
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    requests: list[httpx.Request] = field(default_factory=list)
    """What was sent while the world was made: calls that work, by example."""
    exchange: str = ""

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Short, because Hypothesis prints what strategies are made of, by this protocol of IPython's."""
        printer.text("world")

    def actual(self, values: Mapping[str, str]) -> dict[str, str]:
        """The values, with the id of the exchange that there is now."""
        return {name: self.exchange if one == THE_EXCHANGE else one for name, one in values.items()}

    def restore(self) -> None:
        """Undo whatever was called since the world was made."""
        answer = self.http.post(f"/_mock/snapshots/{BASE_SNAPSHOT}/restore")
        assert answer.status_code == 200, answer.text
        self.http.cookies.clear()

    def remake(self, path: str) -> None:
        """Make again what a restored snapshot does not bring back, as far as that path is about it."""
        if "exchange" in path:
            self.exchange = self.http.get("/auth-help").headers["x-request-id"]
        elif path.startswith("/_mock/snapshots"):
            for one in self.http.get("/_mock/snapshots").json()["snapshots"]:
                if one["name"] not in (BASE_SNAPSHOT, OTHER_SNAPSHOT):
                    self.http.request("DELETE", httpx.URL("/_mock/snapshots/").join(one["name"]))
            self.http.post("/_mock/snapshots", json={"name": OTHER_SNAPSHOT})
        elif path.startswith("/_mock/sandboxes"):
            for one in self.http.get("/_mock/sandboxes").json()["sandboxes"]:
                if one["name"] not in ("default", OTHER_SANDBOX):
                    self.http.delete(f"/_mock/sandboxes/{one['name']}")
            self.http.get(f"/~{OTHER_SANDBOX}/_mock/clock")


@contextmanager
def made_world(**settings: Any) -> Iterator[World]:
    """A server of its own, filled by HTTP calls alone, as its clients would."""
    with (
        MockServer(**{"clock": NEAR_THE_END, **settings}) as server,
        httpx.Client(base_url=server.url, timeout=60) as http,
    ):
        world = World(server=server, http=http)
        http.event_hooks = {"request": [world.requests.append]}
        for name in ("id", "exchange_id"):
            world.values[name].append(THE_EXCHANGE)
        _grant(world)
        _write(world)
        _visit(world)
        _list(world)
        http.event_hooks = {}
        server.snapshot(OTHER_SNAPSHOT)
        server.snapshot(BASE_SNAPSHOT)
        yield world


def _bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _grant(world: World) -> None:
    """Tokens of every class, and what goes into the bodies of token requests."""
    server, values, callers = world.server, world.values, world.callers
    client, live = server.clients()[:2]
    basic = (client.id, client.secret or "")
    tokens = server.tokens(ALL_DATA.format("test_residential"))
    server.tokens(ALL_DATA.format("test_commercial"))
    server.revoke(server.authorizations(customer="test_commercial")[0]["uid"])
    server.tokens(ALL_DATA.format("test_commercial"))
    callers |= {"access token": _bearer(tokens["access_token"]), "API token": _bearer(client.api_token)}
    callers["another's API token"] = _bearer(live.api_token)
    callers["basic"] = {"Authorization": str(httpx.BasicAuth(*basic)._auth_header)}
    for name, scope in (("client token", None), ("registration token", "FB=36_40")):
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        answer = world.http.post("/oauth/token", data=form, auth=basic)
        callers[name] = _bearer(answer.json()["access_token"])
    made = world.http.post(
        "/DataCustodian/espi/1_1/register",
        json={
            "client_name": "Fuzz",
            "redirect_uris": [CALLBACK],
            "token_endpoint_auth_method": "client_secret_basic",
        },
    ).json()
    callers["registration access token"] = _bearer(made["registration_access_token"])
    values["client_id"] += [client.id, made["client_id"], live.id]
    values["client_secret"] += [client.secret or ""]
    values["token"] += [tokens["access_token"], tokens["refresh_token"]]
    values["refresh_token"] += [tokens["refresh_token"]]
    values["code"] += [server.authorize(ALL_DATA.format("test_residential"))]
    values["redirect_uri"] += [CALLBACK, f"{server.url}/DataCustodian/thirdparty-demo/redirect"]
    values["grant_type"] += ["authorization_code", "refresh_token", "client_credentials"]
    values["response_type"] += ["code"]
    values["scope"] += [ALL_DATA.format("test_residential"), NO_CODE.format("sso"), "openid profile email"]
    pushed = {"response_type": "code", "client_id": client.id, "redirect_uri": CALLBACK, "scope": "FB=4"}
    values["request_uri"] += [world.http.post("/oauth/par", data=pushed, auth=basic).json()["request_uri"]]
    values["utility"] += ["DEMOUTILITY", "demoutility"]
    values["bulk_id"] += [bulk_id_of(client.id)]


def _write(world: World) -> None:
    """Forms, webhooks, events, faults, data that was collected: by the JSON API and the control API."""
    server, values = world.server, world.values
    headers = world.callers["API token"]
    form = world.http.post("/api/v2/forms", headers=headers).json()
    submitted = world.http.post(
        f"/api/v2/forms/{form['uid']}/test-submit",
        headers=headers,
        json={"utility": "DEMOUTILITY", "scenario": "residential"},
    )
    assert submitted.status_code == 200, submitted.text
    meters = [one["uid"] for one in world.http.get("/api/v2/meters", headers=headers).json()["meters"]]
    answer = world.http.post(
        "/api/v2/meters/historical-collection", headers=headers, json={"meters": meters[:2]}
    )
    assert answer.status_code == 200, answer.text
    server.advance("PT1H")
    values["meters"] += [meters[0], ",".join(meters[:2])]
    values["meter"] += meters[:1]
    values["webhook_id"] += [server.add_webhook(NOBODY_LISTENS)["id"]]
    fired = server.fire("meter_bills_added", meter_uid=meters[0])
    values["f"] += [form["uid"]]
    values["uid"] += [form["uid"], fired["uid"]]
    values["id"] += [server.fault(path="/never", status=503), "test_residential"]
    values["customer"] += ["test_residential", "test_commercial"]
    values["username"] += ["test_residential"]
    values["name"] += [OTHER_SNAPSHOT, OTHER_SANDBOX, "data.xml", "data.json", "style.css"]
    values["code"] += ["invalid_grant"]


def _visit(world: World) -> None:
    """One browser that is logged in everywhere, with an authorize request at each step of its way."""
    hooks = {"request": [world.requests.append]}
    with httpx.Client(base_url=world.server.url, timeout=60, event_hooks=hooks) as http:
        browser = Browser(http)
        _register(world, browser)
        browser.opens("/_mock/console/accounts")
        _connect(browser, "test-test_residential").sends("decision", decision="approve")
        _sign_on(world, browser)
        _play_demo(world, browser)
        values = world.values["request_id"]
        for way in ("phone-+11111111111", "phone", "test-test_residential", "lastbill"):
            values.append(_connect(browser, way).page.url.path.split("/")[2])
        _connect(browser, "account-111111111-1").sends("channel", channel="text")
        assert "code" in browser.page.url.path, browser.page.url
        values.append(browser.page.url.path.split("/")[2])
        uid = world.values["f"][0]
        portal = world.http.get("/api/v2/templates", headers=world.callers["API token"]).json()
        world.values["portal"] += [one["portal"] for one in portal["templates"] if "portal" in one]
        world.values["uid"] += [one["uid"] for one in portal["templates"]]
        form = world.http.get(f"/api/v2/forms/{uid}", headers=world.callers["API token"]).json()
        browser.opens(form["url"])
        world.values["portal"].append(urlsplit(form["url"]).path.rpartition("/")[2])
        values += re.findall(r"/connect/([0-9a-f]{64})", str(browser.page.url))
        answered = _connect(browser, "test-test_residential")
        values.append(answered.page.url.path.split("/")[2])
        answered.sends("decision", decision="approve")
        cookies = {one.name: one.value for one in http.cookies.jar}
        _leave_half_way(world, browser)
        cookies |= {one.name: one.value for one in http.cookies.jar}
        world.callers["browser"] = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    world.values["way_name"] += ["phone", "lastbill", "test", "sso"]


def _register(world: World, browser: Browser) -> None:
    """A company that was approved, has a webhook, and may read what a customer shares."""
    browser.opens("/third-party/register").sends_to("/register", **ANSWERS)
    assert browser.page.status_code == 201, browser.page.text
    known = world.values["client_id"]
    clients = world.http.get("/_mock/clients").json()["clients"]
    own = next(one["client_id"] for one in clients if one["company_name"] == ANSWERS["company_name"])
    known.append(own)
    world.http.post(f"/_mock/clients/{own}/approve").raise_for_status()
    world.server.tokens(ALL_DATA.format("test_residential"), client_id=own)
    world.server.add_webhook(NOBODY_LISTENS, client_id=own)
    browser.opens("/settings").sends_to("/webhooks", url=NOBODY_LISTENS)
    browser.opens("/my-authorizations").sends("decision", decision="cancel")


def _connect(browser: Browser, way: str) -> Browser:
    return browser.opens("/oauth/authorize", **AUTHORIZE, scope=NO_CODE.format(way))


def _sign_on(world: World, browser: Browser) -> None:
    """Log in at the utility; an access token for userinfo, and a code that nobody redeemed."""
    browser.opens("/my-authorizations").sends(username="test_residential", password="test_residential")
    assert browser.page.url.path == "/my-authorizations", browser.page.text
    query = {
        "response_type": "code",
        "client_id": "demoutility-customer-pages",
        "redirect_uri": f"{world.server.url}/connect/signed-on",
        "scope": "openid profile email",
        "state": "s",
        "nonce": "n",
    }
    codes = []
    for _ in range(2):
        answer = browser.http.get("/sso/authorize", params=query)
        codes.append(parse_qs(urlsplit(answer.headers["location"]).query)["code"][0])
    secret = _single_sign_on_secret()
    auth = httpx.BasicAuth(query["client_id"], secret)
    world.callers["relying party"] = {"Authorization": str(auth._auth_header)}
    form = {"grant_type": "authorization_code", "code": codes[0], "redirect_uri": query["redirect_uri"]}
    result = world.http.post("/sso/token", data=form, auth=auth).json()
    world.callers["sign-on token"] = _bearer(result["access_token"])
    world.values["id_token_hint"].append(result["id_token"])
    world.values["code"].append(codes[1])
    world.values["redirect_uri"].append(query["redirect_uri"])
    world.values["client_id"].append(query["client_id"])


def _leave_half_way(world: World, browser: Browser) -> None:
    """Log-ins that came back from the provider, whose answers nobody has opened yet."""
    jar, query = browser.http.cookies, {**AUTHORIZE, "scope": NO_CODE.format("sso")}
    jar.delete("mock_server_customer", domain="127.0.0.1", path="/my-authorizations")
    for path, parameters in (("/my-authorizations", {}), ("/oauth/authorize", query)):
        answer = browser.http.get(path, params=parameters)
        while "signed-on?" not in (target := answer.headers["location"]):
            answer = browser.http.get(target)
        world.requests.append(browser.http.build_request("GET", target))


def _single_sign_on_secret() -> str:
    from mock_server.fixtures import bundled_folder, load_fixtures

    return load_fixtures(bundled_folder()).utility.single_sign_on_client_secret


def _play_demo(world: World, browser: Browser) -> None:
    """A run of the demo that went through, and one that waits at the utility."""
    browser.opens("/DataCustodian/thirdparty-demo").sends_to(
        "/begin", customer="test_residential", way="test"
    )
    browser.sends("decision", decision="approve")
    assert "/runs/" in browser.page.url.path, browser.page.text
    world.values["run_id"].append(browser.page.url.path.split("/")[4])
    world.values["action"] += ["read", "refresh", "revoke", "end"]
    browser.opens("/DataCustodian/thirdparty-demo").sends_to(
        "/begin", customer="test_residential", way="test"
    )


def _list(world: World) -> None:
    """The ids that lists name."""
    values, server = world.values, world.server
    values["uid"] += [one["uid"] for one in server.authorizations()]
    values["id"] += [one["id"] for one in server.requests()]


def links_in(text: str, base: str) -> list[str]:
    """Every address of this server that an answer names, as a path with its query."""
    found = re.findall(rf"(?:{re.escape(base)}|(?:href|action)=\")(/[^\"<>\s\\]*)", text)
    return list(dict.fromkeys(one.replace("&amp;", "&") for one in found))
