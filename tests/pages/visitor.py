"""A customer at a browser: opens pages, submits forms, follows redirects."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

from mock_server.sandbox import Sandbox
from tests.journeys.forms import form_with, send
from tests.support import BASE, CALLBACK, app_around, browser

AUTHORIZE = "/DataCustodian/oauth/authorize"
CLIENT = "DEMOUTILITY_ccccccccc"


def query(**changed: str | None) -> dict[str, str]:
    """A valid authorize request, with some parameters changed or (None) omitted."""
    values = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": CALLBACK,
        "scope": "FB=4_16_51;AdditionalScope=auth-test-test_residential",
        "state": "s/t a;te",
        **changed,
    }
    return {name: value for name, value in values.items() if value is not None}


def answer_of(response: httpx.Response, at: str = CALLBACK) -> dict[str, str]:
    """The parameters that the client gets at its redirect URI."""
    assert response.status_code == 302, response.text
    location = response.headers["location"]
    assert location.startswith(at + "?"), location
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


@dataclass
class Visitor:
    """One browser; `page` is its current page."""

    http: httpx.Client
    page: httpx.Response

    @classmethod
    def arrives(cls, sandbox: Sandbox, **changed: str | None) -> "Visitor":
        """Open the authorize endpoint in a new browser, redirected by a third party."""
        http = browser(app_around(sandbox))
        return cls(http, http.get(AUTHORIZE, params=query(**changed))).follow()

    def follow(self) -> "Visitor":
        """Follow redirects on this server."""
        while self.page.has_redirect_location and not self.page.headers["location"].startswith(CALLBACK):
            target = self.page.url.join(self.page.headers["location"])
            assert str(target).startswith(BASE), f"redirected to another server: {target}"
            self.page = self.http.get(target)
        return self

    def sends(self, *names: str, **values: str | list[str]) -> "Visitor":
        """Submit the form that has the fields or buttons `names`, by default those of `values`."""
        form = form_with(self.page.text, *(names or values))
        self.page = send(self.http, self.page, form, **values)
        return self.follow()

    def opens(self, path: str) -> "Visitor":
        """Open another page."""
        self.page = self.http.get(path)
        return self.follow()

    @property
    def request_id(self) -> str:
        """The id of the current page's request."""
        return self.page.url.path.split("/")[2]
