"""Chromium, where this machine has it; and a review of every journey."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from mock_server.testing.server import MockServer
from tests.journeys.chromium import FLAGS


@pytest.fixture
def reviewed(mock_server: MockServer) -> Iterator[None]:
    """Whoever travels here is a good client: a rule that objects is wrong, or the journey is."""
    yield
    mock_server.review.assert_clean(at_least="note")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a module."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("needs chromium: install Debian's package of that name")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
