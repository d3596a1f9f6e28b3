"""Reads the forms of a page as a browser would, and sends them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx


@dataclass
class Form:
    """A form with what it would send as it stands; submit buttons apart."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def names(self) -> set[str]:
        return {name for name, _ in self.fields}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        result = dict(attrs)
        if tag == "form":
            self._form = Form(
                action=result.get("action") or "", method=(result.get("method") or "get").lower()
            )
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, result)

    def _control(self, form: Form, tag: str, result: dict[str, str | None]) -> None:
        name, value = result.get("name"), result.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in result:
            form.fields.append((self._select, value))
        elif tag == "textarea" and name:
            self._text = name
            form.fields.append((name, ""))
        elif tag == "button" and name:
            form.buttons.append((name, value))
        elif tag == "input" and name and "disabled" not in result:
            kind = result.get("type") or "text"
            if kind not in ("checkbox", "radio") or "checked" in result:
                form.fields.append((name, value))

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text is not None:
            name, typed = self._form.fields[-1]
            self._form.fields[-1] = (name, typed + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = None


def forms_of(html: str) -> list[Form]:
    """All forms of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def form_with(html: str, *names: str) -> Form:
    """The one form that asks for those fields or has such buttons, and can be seen as the main one."""
    wanted = set(names)
    fitting = [form for form in forms_of(html) if wanted <= form.names() | {name for name, _ in form.buttons}]
    assert fitting, f"no form with {names} among {[(f.action, f.fields, f.buttons) for f in forms_of(html)]}"
    return fitting[0]


def send(
    client: httpx.Client, page: httpx.Response, form: Form, **changed: str | list[str]
) -> httpx.Response:
    """Send the form with some fields changed, as its button does; redirects are not followed."""
    values: dict[str, str | list[str]] = {}
    for name, value in form.fields:
        known = values.get(name)
        values[name] = value if known is None else [*([known] if isinstance(known, str) else known), value]
    values.update(changed)
    target = urljoin(str(page.url), form.action)
    if form.method == "get":
        return client.get(target.partition("?")[0], params=values)
    return client.request(form.method, target, data=values)
