"""The portal and the customer's own page in a real browser: from registration to live, and from sharing to its end."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from mock_server.testing.server import MockServer
from tests.journeys.chromium import DESK, PHONE, Watched, open_page
from tests.portal.people import ANSWERS

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "readers/node/node_modules/axe-core/axe.min.js"
SCOPE = "FB=4_16_51;AdditionalScope=auth-test-test_residential"


def fill_in(watched: Watched, **changed: str) -> None:
    """Type the answers of the registration form."""
    for name, value in {**ANSWERS, **changed}.items():
        if name != "agreed":
            watched.page.locator(f"[name={name}]").fill(value)
    watched.page.locator("[name=agreed]").check()


def new_context(
    chromium: Browser, viewport: dict[str, int], *, scheme: str = "light", script: bool = True
) -> BrowserContext:
    return chromium.new_context(
        viewport=viewport,  # type: ignore[arg-type]  # width and height
        color_scheme=scheme,  # type: ignore[arg-type]  # one of three words
        java_script_enabled=script,
    )


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_registration_to_live(chromium: Browser, mock_server: MockServer, script: bool) -> None:
    context = new_context(chromium, DESK, script=script)
    watched = open_page(context, f"live-{'script' if script else 'plain'}")
    page = watched.page
    page.goto(f"{mock_server.url}/third-party/register")
    fill_in(watched)
    watched.press("[name=password_again]")
    assert page.locator("h1").inner_text() == "Analytical Engines is registered"
    client_id = page.locator("dd code").first.inner_text()
    page.goto(f"{mock_server.url}/settings")
    assert page.get_by_role("button", name="Go live").count() == 0
    page.goto(f"{mock_server.url}/_mock/registrations")
    watched.press(f"form[action*='{client_id}'] button")
    assert page.locator("h1").inner_text() == "Registrations"
    page.goto(f"{mock_server.url}/settings")
    watched.press("[name=mode][value=live]")
    page.get_by_text("You are in live mode: every customer can authorize you now.").wait_for()
    (client,) = [
        one for one in mock_server.control("GET", "clients")["clients"] if one["client_id"] == client_id
    ]
    assert client["mode"] == "live"
    assert watched.complaints == []
    context.close()


def test_mistakes_are_reported_as_one_types_and_nothing_is_sent(
    chromium: Browser, mock_server: MockServer
) -> None:
    context = new_context(chromium, PHONE)
    watched = open_page(context, "typing")
    page = watched.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)
    page.goto(f"{mock_server.url}/third-party/register")
    fill_in(watched, website="engines", password_again="another one")
    page.locator("[name=email]").focus()
    result = {name: page.locator(f"#mistake-{name}") for name in ("website", "password_again", "email")}
    assert "http://" in result["website"].inner_text()
    assert "do not match" in result["password_again"].inner_text()
    assert result["email"].inner_text() == ""
    page.get_by_role("button", name="Register").click()
    assert page.evaluate("document.activeElement.name") == "website"
    page.locator("[name=website]").fill("https://engines.example.com/")
    assert result["website"].inner_text() == ""
    page.locator("[name=password]").fill("another one")
    assert result["password_again"].inner_text() == ""
    assert sent == []
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/third-party/register")
    assert page.locator("h1").inner_text() == "Analytical Engines is registered"
    assert watched.complaints == []
    context.close()


def test_a_customer_sees_what_is_shared_and_ends_it(chromium: Browser, mock_server: MockServer) -> None:
    mock_server.tokens(scope=SCOPE)
    context = new_context(chromium, PHONE)
    watched = open_page(context, "stop-sharing")
    watched.page.goto(f"{mock_server.url}/my-authorizations")
    watched.page.locator("[name=username]").first.fill("test_residential")
    watched.page.locator("[name=password]").first.fill("test_residential")
    watched.press("[name=password]")
    watched.page.get_by_text("Stop sharing").first.click()
    watched.look()
    watched.press(".danger")
    assert watched.page.locator(".tag.revoked").count() == 1
    assert watched.complaints == []
    context.close()
