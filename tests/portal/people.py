"""A third party's person at a browser: registers, logs in, opens pages, sends their forms."""

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
    """One browser; `page` is what it shows."""

    http: httpx.Client
    page: httpx.Response

    @classmethod
    def opening(cls, sandbox: Sandbox, path: str) -> "Person":
        """With a browser that was never here."""
        http = browser(app_around(sandbox))
        return cls(http, http.get(path)).follow()

    @classmethod
    def registered(cls, sandbox: Sandbox, **changed: str) -> "Person":
        """Somebody who just registered."""
        return cls.opening(sandbox, "/third-party/register").sends("/register", **{**ANSWERS, **changed})

    def follow(self) -> "Person":
        """Go where redirects lead."""
        while self.page.has_redirect_location:
            self.page = self.http.get(self.page.url.join(self.page.headers["location"]))
        return self

    def sends(self, action: str, **values: str | list[str]) -> "Person":
        """Send the form whose action has that in it, and whose button has the name and value if there are several."""
        fitting = [form for form in forms_of(self.page.text) if action in form.action]
        result = [(name, value) for name, value in values.items() if isinstance(value, str)]
        pressed = [form for form in fitting if any(one in form.buttons for one in result)]
        named = [form for form in fitting if form.names() >= {*values} - {name for name, _ in form.buttons}]
        form = (pressed or named or fitting)[0]
        self.page = send(self.http, self.page, form, **values)
        return self.follow()

    def opens(self, path: str) -> "Person":
        """Another page."""
        self.page = self.http.get(path)
        return self.follow()

    def facts(self) -> dict[str, str]:
        """The terms of the page's lists that hold code, by their labels."""
        found = {}
        for part in self.page.text.split("<dt>")[1:]:
            label, _, rest = part.partition("</dt>")
            value = rest.partition("</dd>")[0]
            if "<code>" in value:
                found[label] = value.partition("<code>")[2].partition("</code>")[0]
        return found

    @property
    def mistakes(self) -> list[str]:
        """What the page says at its fields."""
        parts = self.page.text.split('class="mistake" id="mistake-')[1:]
        return [part.partition('"')[0] for part in parts if not part.partition(">")[2].startswith("</p>")]
