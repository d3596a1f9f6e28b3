"""A person of a third party at a browser: registers, logs in, opens pages, submits forms."""

from dataclasses import dataclass

import httpx

from mock_server.sandbox import Sandbox
from tests.journeys.forms import forms_of, send
from tests.support import app_around, browser

ANSWERS = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@engines.example.com",
    "company_name": "Analytical Engines",
    "website": "https://engines.example.com/",
    "scope_of_use": "We compute where your energy goes, and delete the data after a year.",
    "terms_url": "",
    "password": "correct horse battery",
    "password_again": "correct horse battery",
    "agreed": "yes",
}


@dataclass
class Person:
    """One browser; `page` is its current page."""

    http: httpx.Client
    page: httpx.Response

    @classmethod
    def opening(cls, sandbox: Sandbox, path: str) -> "Person":
        """Open a path in a new browser."""
        http = browser(app_around(sandbox))
        return cls(http, http.get(path)).follow()

    @classmethod
    def registered(cls, sandbox: Sandbox, **changed: str) -> "Person":
        """A person who has just registered."""
        return cls.opening(sandbox, "/third-party/register").sends("/register", **{**ANSWERS, **changed})

    def follow(self) -> "Person":
        """Follow redirects."""
        while self.page.has_redirect_location:
            self.page = self.http.get(self.page.url.join(self.page.headers["location"]))
        return self

    def sends(self, action: str, **values: str | list[str]) -> "Person":
        """Submit the form whose URL contains `action`; among several, the one with the given button or fields."""
        fitting = [form for form in forms_of(self.page.text) if action in form.action]
        result = [(name, value) for name, value in values.items() if isinstance(value, str)]
        pressed = [form for form in fitting if any(button in form.buttons for button in result)]
        named = [form for form in fitting if form.names() >= {*values} - {name for name, _ in form.buttons}]
        form = (pressed or named or fitting)[0]
        self.page = send(self.http, self.page, form, **values)
        return self.follow()

    def opens(self, path: str) -> "Person":
        """Open another page."""
        self.page = self.http.get(path)
        return self.follow()

    def facts(self) -> dict[str, str]:
        """The values that the page's lists display as code, by label."""
        found = {}
        for part in self.page.text.split("<dt>")[1:]:
            label, _, rest = part.partition("</dt>")
            value = rest.partition("</dd>")[0]
            if "<code>" in value:
                found[label] = value.partition("<code>")[2].partition("</code>")[0]
        return found

    @property
    def mistakes(self) -> list[str]:
        """The names of the fields at which the page displays an error."""
        parts = self.page.text.split('class="mistake" id="mistake-')[1:]
        return [part.partition('"')[0] for part in parts if not part.partition(">")[2].startswith("</p>")]
