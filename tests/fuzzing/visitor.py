"""A browser that opens pages and sends their forms, over the wire, and never leaves the server."""

from dataclasses import dataclass, field

import httpx

from tests.journeys.forms import form_with, forms_of, send


@dataclass
class Browser:
    """A browser that stays on this server."""

    http: httpx.Client
    page: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    def opens(self, path: str, **query: str) -> "Browser":
        """A page, and where it leads on this server."""
        self.page = self.http.get(path, params=query or None)
        return self._follow()

    def sends(self, *names: str, **values: str | list[str]) -> "Browser":
        """The form that has those fields or buttons (else those of the values)."""
        self.page = send(self.http, self.page, form_with(self.page.text, *(names or values)), **values)
        return self._follow()

    def sends_to(self, action: str, **values: str | list[str]) -> "Browser":
        """The form that goes there."""
        form = next(one for one in forms_of(self.page.text) if action in one.action)
        self.page = send(self.http, self.page, form, **values)
        return self._follow()

    def _follow(self) -> "Browser":
        base = str(self.http.base_url).rstrip("/")
        while self.page.has_redirect_location:
            target = str(self.page.url.join(self.page.headers["location"]))
            if not target.startswith(base):
                break
            self.page = self.http.get(target)
        return self
