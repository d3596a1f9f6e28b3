"""Renders templates, with headers that protect the browser. Forbids inline scripts and styles."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from mock_server.domain.errors import NotFound
from mock_server.domain.text.header_text import policy_source
from mock_server.http.context import RequestContext

_PACKAGE = Path(__file__).parent.parent
_FOLDERS = ("ui", "pages", "sso", "portal", "control")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def _templates() -> Environment:
    folders = {name: FileSystemLoader(_PACKAGE / name / "templates") for name in _FOLDERS}
    return Environment(
        loader=PrefixLoader(folders),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    context: RequestContext,
    template: str,
    *,
    status: int = 200,
    form_targets: Iterable[str] = (),
    script: str | None = None,
    **variables: Any,
) -> HTMLResponse:
    """A rendered page.

    `form_targets` are origins outside this server to which a form of the page may redirect, because browsers also
    apply `form-action` to a form's redirects. `script` is a static file; the page must also work without it.
    """
    links = context.links
    html = (
        _templates()
        .get_template(template)
        .render(
            utility=context.sandbox.fixtures.utility,
            links={"home": links.page(), "dashboard": links.page("dashboard")},
            script=script,
            static=lambda name: links.page("static", name),
            **variables,
        )
    )
    return HTMLResponse(html, status_code=status, headers=_headers(form_targets, scripts=script is not None))


def _headers(form_targets: Iterable[str], *, scripts: bool) -> dict[str, str]:
    policy = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "script-src": "'self'" if scripts else "'none'",
        "connect-src": "'self'" if scripts else "'none'",
        "form-action": " ".join(["'self'", *filter(None, map(policy_source, form_targets))]),
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def static_file(name: str) -> Response:
    """A static file: stylesheet, script, logo, icon. Raises NotFound.

    Range requests get the complete file, because the framework renders its own error for a malformed Range.
    """
    known = {path.name: path for path in (_PACKAGE / "ui" / "static").iterdir()}
    path = known.get(name)
    if path is None or path.suffix not in _TYPES:
        raise NotFound(f"There is no file {name[:40]!r}.")
    return Response(
        path.read_bytes(), media_type=_TYPES[path.suffix], headers={"Cache-Control": "max-age=300"}
    )
