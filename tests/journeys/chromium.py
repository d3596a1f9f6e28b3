"""A page of a real browser that takes pictures of itself and keeps what the browser complained about."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

ARTIFACTS = Path(os.environ.get("TEST_ARTIFACTS", "artifacts"))
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Watched:
    """A page of a browser, what it complained about, and where its pictures go."""

    page: Page
    name: str
    complaints: list[str] = field(default_factory=list)
    count: int = 0

    def look(self) -> None:
        """Take a picture; nothing may stick out sideways."""
        self.count += 1
        ARTIFACTS.mkdir(exist_ok=True)
        self.page.screenshot(path=ARTIFACTS / f"{self.name}-{self.count}.png", full_page=True)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], f"{self.page.url} is {width} wide"  # type: ignore[index]
        assert self.page.locator("h1").count() == 1
        assert self.page.locator("html[lang=en]").count() == 1

    def press(self, selector: str) -> None:
        """Press Enter there, as somebody without a mouse does, and wait for the next page."""
        self.page.locator(selector).first.focus()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


def open_page(context: BrowserContext, name: str) -> Watched:
    """A page that notes errors of its console."""
    page = context.new_page()
    watched = Watched(page, name)
    page.on(
        "console", lambda result: watched.complaints.append(result.text) if result.type == "error" else None
    )
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    return watched
