"""The seven ways in a real browser, on a phone and on a desk, with a picture of every page."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from mock_server.testing.server import MockServer
from tests.journeys.chromium import DESK, PHONE, Watched, open_page
from tests.journeys.stories import NEEDS_CODE, WAYS, Story
from tests.journeys.test_whole_path import check_content, third_party

pytestmark = pytest.mark.browser


class _Callback(BaseHTTPRequestHandler):
    """The third party's callback, where the customer's browser ends."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Thanks</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def callback() -> Iterator[str]:
    """The redirect URI of a third party that really answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Callback) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/callback"
        server.shutdown()
        thread.join()


def sign_in(watched: Watched, story: Story, server: MockServer) -> None:
    page = watched.page
    if story.way != "test":
        watched.look()
        for name, value in story.answers.items():
            page.locator(f"[name={name}]").first.fill(value)
        watched.press(f"[name={name}]")
    if story.way in NEEDS_CODE:
        watched.look()
        page.locator("[name=channel][value=text]").check()
        watched.press("form .primary")
        watched.look()
        page.locator("[name=code]").fill(server.messages()[0]["code"])
        watched.press("[name=code]")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("reviewed")
def test_a_customer_connects_in_a_real_browser(
    chromium: Browser, mock_server: MockServer, callback: str, way: str
) -> None:
    place = WAYS.index(way)
    story = Story(way, ("test_residential", "test_commercial")[place % 2], prefilled=way == "test")
    context = chromium.new_context(
        viewport=(PHONE, DESK)[place % 2],  # type: ignore[arg-type]  # width and height
        color_scheme=("light", "dark")[place // 2 % 2],
        java_script_enabled=False,
    )
    client = third_party(mock_server, story.scope, redirect_uri=callback)
    verifier = "authlib-sends-a-verifier-of-43-or-more-characters"
    url, state = client.create_authorization_url(
        f"{mock_server.url}/DataCustodian/oauth/authorize", code_verifier=verifier
    )
    watched = open_page(context, f"{way}-{story.customer.removeprefix('test_')}")
    watched.page.goto(url)
    sign_in(watched, story, mock_server)
    watched.look()
    watched.press("[name=decision][value=approve]")
    watched.page.wait_for_url(f"{callback}**")
    tokens = client.fetch_token(authorization_response=watched.page.url, state=state, code_verifier=verifier)
    assert watched.complaints == []
    check_content(mock_server, tokens, story.customer)
    context.close()
