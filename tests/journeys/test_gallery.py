"""Every page there is: a picture at both widths in both themes, and nothing that axe objects to."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Page

import mock_server
from mock_server.testing.server import MockServer
from tests.journeys.chromium import DESK, PHONE, Watched, open_page
from tests.journeys.test_portal_in_chromium import AXE, SCOPE, fill_in, new_context

pytestmark = pytest.mark.browser

CONSOLE = ("accounts", "clients", "exchanges", "messages", "clock", "faults", "review")
NO_PAGES_OF_THEIR_OWN: Final = {"base", "wide", "frame", "parts", "chart", "fields"}
AUTHORIZE = "/oauth/authorize?response_type=code&state=s&client_id=DEMOUTILITY_ccccccccc"
Walk = Callable[[Watched, str, MockServer], None]


def at(path: str) -> Walk:
    """A page that has an address."""
    return lambda watched, base, _: _go(watched.page, base + path)


def requested(option: str) -> Walk:
    """The page on which an authorize request with that sign-in ends."""
    return at(f"{AUTHORIZE}&scope=FB%3D4_16_51%3BAdditionalScope%3Dauth-{option}")


def _go(page: Page, url: str) -> None:
    page.goto(url)


def usage(view: str) -> Walk:
    return lambda watched, base, server: _go(
        watched.page, f"{base}/dashboard/authorizations/{server.authorizations()[0]['uid']}?view={view}"
    )


def form(watched: Watched, base: str, server: MockServer) -> None:
    made = watched.page.request.post(
        f"{base}/api/v2/forms", headers={"Authorization": f"Bearer {server.client.api_token}"}, data="{}"
    )
    watched.page.goto(made.json()["url"])


def exchange(watched: Watched, base: str, server: MockServer) -> None:
    watched.page.request.get(f"{base}/api/v2/meters", headers={"Authorization": "Bearer nobody"})
    watched.page.goto(f"{base}/_mock/console/exchanges/{server.exchanges()[-1]['id']}")


def receipt(watched: Watched, base: str, server: MockServer) -> None:
    requested("test-test_residential")(watched, base, server)
    watched.press("[name=decision][value=approve]")
    watched.page.wait_for_url("**/receipts/**")


def registered(watched: Watched, base: str, _: MockServer) -> None:
    watched.page.goto(f"{base}/third-party/register")
    fill_in(watched)
    watched.press("[name=password_again]")


def demo_run(watched: Watched, base: str, _: MockServer) -> None:
    watched.page.goto(base)
    watched.page.get_by_role("button", name="Start the demo").click()
    watched.page.get_by_role("button", name=re.compile("Approve|Authorize")).click()
    watched.page.wait_for_url("**/thirdparty-demo/runs/*")


def my_authorizations(watched: Watched, base: str, _: MockServer) -> None:
    watched.page.goto(f"{base}/my-authorizations")
    for field in ("username", "password"):
        watched.page.locator(f"[name={field}]").first.fill("test_residential")
    watched.press("[name=password]")


def log_out(watched: Watched, base: str, server: MockServer) -> None:
    my_authorizations(watched, base, server)
    watched.page.goto(f"{base}/sso/log-out")


def logged_out(watched: Watched, base: str, server: MockServer) -> None:
    log_out(watched, base, server)
    watched.press("form .primary")


def too_many_guesses(watched: Watched, base: str, _: MockServer) -> None:
    watched.page.goto(f"{base}/third-party/log-in")
    for _attempt in range(3):
        if watched.page.locator("[name=password]").count():
            for field in ("email", "password"):
                watched.page.locator(f"[name={field}]").first.fill("nobody@example.com")
            watched.press("[name=password]")
    watched.page.get_by_text("Try again in").first.wait_for()


PAGES: Final[dict[str, tuple[str, Walk]]] = {
    "home": ("home", at("/")),
    "auth-help": ("auth_help", at("/auth-help")),
    "error": ("error_help", at("/errors/invalid_grant")),
    "problem": ("problem", at("/oauth/authorize?client_id=nobody")),
    "refused": ("refused", requested("test-real_customer")),
    "empty": ("refused", requested("test-test_empty")),
    "form": ("form", form),
    "sign-in-account": ("look_up", requested("account")),
    "sign-in-phone": ("look_up", requested("phone")),
    "sign-in-email": ("look_up", requested("email")),
    "sign-in-address": ("look_up", requested("address")),
    "sign-in-lastbill": ("look_up", requested("lastbill")),
    "sign-in-sso": ("log_in", requested("sso")),
    "code": ("code", requested("account-222222222-2")),
    "consent": ("consent", requested("test-test_residential")),
    "receipt": ("receipt", receipt),
    "my-authorizations": ("my_authorizations", my_authorizations),
    "log-out": ("log_out", log_out),
    "logged-out": ("logged_out", logged_out),
    "register": ("register", at("/third-party/register")),
    "registered": ("registered", registered),
    "third-party-log-in": ("log_in", at("/third-party/log-in")),
    "settings": ("settings", at("/settings")),
    "dashboard": ("dashboard", at("/dashboard")),
    "nobody-yet": ("dashboard", at("/dashboard?client_id=DEMOUTILITY_livelive1")),
    "usage-by-day": ("authorization", usage("day")),
    "usage-by-hour": ("authorization", usage("hour")),
    "request": ("request", at("/dashboard/request?way=address&customer=test_residential")),
    "demo": ("demo", at("/DataCustodian/thirdparty-demo?way=address&preset=flaky&clock=2026-05-01T08:00")),
    "demo-refused": ("demo_refused", at("/DataCustodian/thirdparty-demo/runs/0")),
    "demo-run": ("demo_run", demo_run),
    "registrations": ("registrations", at("/_mock/registrations")),
    "docs": ("docs", at("/_mock/docs")),
    "exchange": ("exchange", exchange),
    **{f"console-{name}": (name, at(f"/_mock/console/{name}")) for name in CONSOLE},
}
GUARDED: Final[dict[str, tuple[str, Walk]]] = {
    "key": ("key", at("/_mock/console/accounts")),
    "too-many-guesses": ("problem", too_many_guesses),
}
# A page that answers by its status says so in the browser's console, which is no mistake of the page.
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
ERROR_RESPONSES: Final = "Failed to load resource: the server responded with a status of 4"


@pytest.fixture(scope="module")
def guarded() -> Iterator[MockServer]:
    """A server that trusts nobody."""
    with MockServer(control="token", control_token="a-secret", guess_limit=1) as server:
        yield server


@pytest.fixture
def used(mock_server: MockServer) -> MockServer:
    """A server with something to show."""
    mock_server.tokens(scope=SCOPE)
    mock_server.control("POST", "webhooks", {"url": "https://hooks.example.com/in"})
    mock_server.fault("flaky")
    return mock_server


@pytest.fixture
def displayed(request: pytest.FixtureRequest, name: str) -> tuple[Walk, MockServer]:
    """How one comes to the page of that name, and on which server."""
    stored = "guarded" if name in GUARDED else "used"
    return {**PAGES, **GUARDED}[name][1], request.getfixturevalue(stored)


def test_no_page_is_left_out() -> None:
    found = {path.stem for path in Path(mock_server.__file__).parent.rglob("templates/**/*.html")}
    displayed = {template for template, _ in (*PAGES.values(), *GUARDED.values())}
    assert found - NO_PAGES_OF_THEIR_OWN == displayed


@pytest.mark.parametrize("name", [*PAGES, *GUARDED])
def test_it_fits_its_screen_and_asks_nobody_else(
    chromium: Browser, displayed: tuple[Walk, MockServer], name: str
) -> None:
    walk, server = displayed
    hosts: set[str] = set()
    context = new_context(chromium, PHONE)
    watched = open_page(context, name)
    watched.page.on("request", lambda request: hosts.add(re.split("[/?]", request.url)[2]))
    walk(watched, server.url, server)
    for size, viewport in (("phone", PHONE), ("desk", DESK)):
        watched.page.set_viewport_size(viewport)  # type: ignore[arg-type]  # width and height
        for scheme in SCHEMES:
            watched.page.emulate_media(color_scheme=scheme)
            watched.name, watched.count = f"{name}-{size}-{scheme}", 0
            watched.look()
    assert [one for one in watched.complaints if not one.startswith(ERROR_RESPONSES)] == []
    assert hosts == {server.url.removeprefix("http://")}
    context.close()


@pytest.mark.parametrize("name", [*PAGES, *GUARDED])
def test_axe_finds_nothing_to_object_to(
    chromium: Browser, displayed: tuple[Walk, MockServer], name: str
) -> None:
    if not AXE.is_file():
        pytest.skip("needs axe-core: make readers")
    walk, server = displayed
    context = chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]  # width and height
        bypass_csp=True,  # our own policy refuses axe too
    )
    watched = open_page(context, name)
    walk(watched, server.url, server)
    for summary in watched.page.locator("details:not([open]) > summary").all():
        if summary.is_visible():
            summary.click()
    watched.page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme, rules in zip(SCHEMES, ("", ", {runOnly: ['color-contrast']}"), strict=True):
        watched.page.emulate_media(color_scheme=scheme)
        result = watched.page.evaluate(f"axe.run(document{rules})")
        assert len(result["passes"]) > (0 if rules else 15)
        assert [(one["id"], one["nodes"][0]["html"]) for one in result["violations"]] == []
    context.close()
