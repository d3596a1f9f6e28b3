"""The demo third party, the developer's pages and the ends of an authorization, walked in a real browser."""

import re
from collections import defaultdict
from decimal import Decimal

import httpx
import pytest
from playwright.sync_api import Browser

from mock_server.testing.server import MockServer
from tests.journeys.chromium import DESK, PHONE, open_page
from tests.journeys.stories import WAYS, Story
from tests.journeys.test_in_chromium import sign_in
from tests.journeys.test_portal_in_chromium import AXE, SCOPE, new_context

pytestmark = pytest.mark.browser

DEMO = "/DataCustodian/thirdparty-demo"


@pytest.mark.parametrize("way", WAYS)
def test_the_demo_goes_through_with_each_way_to_sign_in(
    chromium: Browser, mock_server: MockServer, way: str
) -> None:
    place = WAYS.index(way)
    context = new_context(
        chromium, (PHONE, DESK)[place % 2], scheme=("light", "dark")[place // 2 % 2], script=place % 3 > 0
    )
    watched = open_page(context, f"demo-{way}")
    page, hosts = watched.page, set[str]()
    page.on("request", lambda request: hosts.add(re.split("[/?]", request.url)[2]))
    customer = "test_residential" if way == "test" else ""
    page.goto(f"{mock_server.url}{DEMO}?way={way}&customer={customer}&fb=4&fb=16")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/connect/|/sso/"))
    sign_in(watched, Story(way, "test_residential"), mock_server)
    watched.press("[name=decision][value=approve]")
    page.wait_for_url(f"**{DEMO}/runs/*")
    watched.look()
    assert page.locator("h1").inner_text() == "Connected"
    assert page.locator(".chart .bar").count() == 31
    watched.press("form[action$=refresh] button")
    assert "Refresh 200" in page.locator("#last h3").inner_text()
    mock_server.review.assert_clean(at_least="note")
    watched.press("form[action$=end] button")
    watched.press("form[action$=read] button")  # against better knowledge
    assert page.locator("#last .tag.revoked").count() == 1
    assert watched.complaints == []
    assert hosts == {mock_server.url.removeprefix("http://")}
    if way == "test" and AXE.is_file():
        axe = chromium.new_context(storage_state=context.storage_state(), bypass_csp=True).new_page()
        axe.goto(page.url)
        axe.evaluate(AXE.read_text(encoding="utf-8"))
        assert [one["id"] for one in axe.evaluate("axe.run()")["violations"]] == []
        axe.context.close()
    context.close()


def test_the_first_page_starts_the_demo_and_a_step_is_copied(
    chromium: Browser, mock_server: MockServer
) -> None:
    context = new_context(chromium, DESK)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(mock_server.url)
    page.get_by_role("button", name="Start the demo").click()
    page.get_by_role("button", name="Decline").click()
    page.wait_for_url(f"**{DEMO}/runs/*")
    assert page.locator("h1").inner_text() == "No data"
    page.locator("summary").first.click()
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl -i -H")
    context.close()


def test_the_list_of_exchanges_keeps_itself_new(chromium: Browser, mock_server: MockServer) -> None:
    context = new_context(chromium, DESK)
    watched = open_page(context, "exchanges-live")
    page = watched.page
    page.goto(f"{mock_server.url}/_mock/console/exchanges?path=/api/*")
    assert page.get_by_text("No requests yet.").is_visible()
    httpx.get(f"{mock_server.url}/api/v2/meters")
    page.get_by_role("link", name="GET /api/v2/meters").click()  # waits until it is there
    page.get_by_text("There is no Authorization header.").first.wait_for()
    watched.look()
    assert watched.complaints == []
    context.close()


def test_the_chart_of_the_dashboard_shows_the_numbers_of_the_api(
    chromium: Browser, mock_server: MockServer
) -> None:
    uid = mock_server.tokens(scope=SCOPE)["resourceURI"].rpartition("/")[2]
    context = new_context(chromium, PHONE)
    page = context.new_page()
    page.goto(f"{mock_server.url}/dashboard/authorizations/{uid}")
    titles = [one.text_content() or "" for one in page.locator(".chart .bar title").all()]
    meter = page.locator("#meter-title").inner_text().removeprefix("Meter ")
    headers = {"Authorization": f"Bearer {mock_server.client.api_token}"}
    result = httpx.get(f"{mock_server.url}/api/v2/intervals?meters={meter}&limit=3", headers=headers).json()
    days = defaultdict[str, Decimal](Decimal)
    for one in (reading for interval in result["intervals"] for reading in interval["readings"]):
        days[one["start"][:10]] += Decimal(str(one["datapoints"][0]["value"]))
    newest = [days[day] for day in sorted(days)][-31:]
    assert [Decimal(title.rpartition(": ")[2].split()[0]) for title in titles] == newest
    context.close()


@pytest.mark.parametrize("place", ["dashboard", "my-authorizations", "API"])
def test_an_authorization_is_ended_in_three_places(
    chromium: Browser, mock_server: MockServer, place: str
) -> None:
    tokens = mock_server.tokens(scope=SCOPE)
    uid = tokens["resourceURI"].rpartition("/")[2]
    context = new_context(chromium, DESK, script=False)
    watched = open_page(context, f"revoked-{place}")
    page = watched.page
    if place == "dashboard":
        page.goto(f"{mock_server.url}/dashboard/authorizations/{uid}")
        page.get_by_text("End this authorization").click()
        watched.press("form[action*=revoke] button")
    elif place == "my-authorizations":
        page.goto(f"{mock_server.url}/my-authorizations")
        for name in ("username", "password"):
            page.locator(f"[name={name}]").first.fill("test_residential")
        watched.press("[name=password]")
        page.get_by_text("Stop sharing").first.click()
        watched.press(".danger")
    else:
        headers = {"Authorization": f"Bearer {mock_server.client.api_token}"}
        ended = httpx.post(f"{mock_server.url}/api/v2/authorizations/{uid}/revoke", headers=headers)
        assert ended.status_code == 200
    page.goto(f"{mock_server.url}/dashboard")
    assert page.locator(".tag.revoked").inner_text() == "revoked"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert httpx.get(tokens["resourceURI"], headers=bearer).status_code in (401, 403)
    context.close()
