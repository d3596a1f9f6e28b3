"""The documentation of the control API: an OpenAPI document, and a page without scripts that works offline."""

import re

import httpx
import pytest

from mock_server.control.docs.schemas import Words
from mock_server.settings import Settings, read_settings


def test_the_document_has_the_control_api_and_nothing_else(http: httpx.Client) -> None:
    own, complete = http.get("/_mock/openapi.json").json(), http.get("/openapi.json").json()
    paths = [path for path in complete["paths"] if path.startswith("/_mock/")]
    assert list(own["paths"]) == paths
    assert own["servers"] == [{"url": "http://localhost:8000"}]
    assert http.get("/~one/_mock/openapi.json").json()["servers"] == [{"url": "http://localhost:8000/~one"}]


def test_every_call_documents_the_same_error_shape(http: httpx.Client) -> None:
    document = http.get("/_mock/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            schema = operation["responses"]["4XX"]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
            assert "422" not in operation["responses"]
    assert set(document["components"]["schemas"]["Problem"]["properties"]) == {
        "error",
        "error_description",
        "request_id",
    }


def test_the_page_lists_every_call_and_fetches_nothing(http: httpx.Client) -> None:
    answer = http.get("/~one/_mock/docs")
    assert answer.status_code == 200
    document = http.get("/_mock/openapi.json").json()
    for path, methods in document["paths"].items():
        for method in methods:
            assert f'<span class="method">{method.upper()}</span> {path}<' in answer.text
    urls = re.findall(r'(?:src|href)="([^"#]*)"', answer.text)
    assert [url for url in urls if not url.startswith("/~one")] == []
    assert "<script" not in answer.text


def test_every_example_can_be_sent(http: httpx.Client) -> None:
    """Each call accepts its own example body."""
    document = http.get("/_mock/openapi.json").json()
    words = Words(document)
    tried = 0
    for path, methods in document["paths"].items():
        body = methods.get("post", {}).get("requestBody")
        example = words.example(body["content"]["application/json"]["schema"]) if body else None
        if example and "{" not in path:
            tried += 1
            answer = http.post(path, json=example)
            assert answer.status_code < 300, (path, answer.text)
    assert tried >= 6


class TestOff:
    """The documentation contains no data of a sandbox, so it stays available where the control API is off."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"host": "0.0.0.0"})

    def test_the_documentation_stays_available(self, http: httpx.Client) -> None:
        assert http.get("/_mock/docs").status_code == http.get("/_mock/openapi.json").status_code == 200
        assert http.get("/_mock/clock").status_code == 403
