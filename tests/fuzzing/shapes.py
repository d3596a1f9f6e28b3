"""What a refusal of each surface looks like, and what no answer may be."""

from collections.abc import Callable

import httpx

from mock_server.api.objects.error import Refusal
from mock_server.app import SURFACES
from mock_server.control.errors import Problem
from mock_server.http.surface import surface_at

_NOT_HTTP = "Invalid HTTP request received."  # what uvicorn answers, before any application
_LEAKS = ("Traceback (most", "sqlalchemy", "pydantic", "site-packages")


def check_answer(answer: httpx.Response, path: str) -> None:
    """No mistake of ours, and if it is a refusal, one of the surface that the path belongs to.

    `path` is without the escapes of URLs.
    """
    what = f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:600]}"
    if answer.status_code == 400 and answer.text == _NOT_HTTP:
        return
    if "x-simulated-fault" in answer.headers:
        return  # armed, so that any answer is what was wished for
    assert answer.status_code < 500, what
    assert answer.headers.get("x-request-id"), what
    assert not any(leak in answer.text for leak in _LEAKS), what
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        surface = surface_at(SURFACES, path).name
        assert _SHAPES[surface](answer, path), f"not a refusal of {surface}: {what}"
    if answer.status_code == 405:
        assert answer.headers.get("allow"), what
    if answer.status_code == 401:
        assert "text/html" in answer.headers["content-type"] or answer.headers.get("www-authenticate"), what


def _is_page(answer: httpx.Response, _path: str = "") -> bool:
    kind = answer.headers.get("content-type", "")
    return kind.startswith("text/html") and "<h1" in answer.text and "</html>" in answer.text


def _is_oauth(answer: httpx.Response, _path: str) -> bool:
    result = answer.json()
    return (
        {*result} == {"error", "error_description", "error_uri"}
        and all(" " <= char <= "~" for char in result["error_description"])
        and answer.headers.get("cache-control") == "no-store"
    )


def _is_envelope(answer: httpx.Response, _path: str) -> bool:
    result = Refusal.model_validate(answer.json())
    return result.status_code == answer.status_code and result.request_id == answer.headers["x-request-id"]


def _is_of_provider(answer: httpx.Response, path: str) -> bool:
    if path.endswith(("/authorize", "/log-out", "/confirmed")):
        return _is_page(answer)
    return {*answer.json()} == {"error", "error_description"}


def _is_problem(answer: httpx.Response, _path: str) -> bool:
    return Problem.model_validate(answer.json()).request_id == answer.headers["x-request-id"]


def _is_of_pages(answer: httpx.Response, _path: str) -> bool:
    """A program that misspelt the address of an endpoint gets JSON."""
    return _is_page(answer) or (
        answer.status_code in (404, 405) and {*answer.json()} == {"error", "error_description"}
    )


_SHAPES: dict[str, Callable[[httpx.Response, str], bool]] = {
    "oauth": _is_oauth,
    "espi": _is_envelope,
    "api": _is_envelope,
    "sso": _is_of_provider,
    "portal": _is_page,
    "console": _is_page,
    "control": _is_problem,
    "pages": _is_of_pages,
}
