"""What the application's OpenAPI document promises."""

from mock_server.app import compose
from mock_server.sandbox import Sandbox


def test_no_call_promises_an_error_of_the_frameworks_own_shape(sandbox: Sandbox) -> None:
    document = compose(sandbox).openapi()
    promising = [
        f"{method} {path}"
        for path, methods in document["paths"].items()
        for method, result in methods.items()
        if "422" in result["responses"]
    ]
    assert promising == []
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_no_address_is_described_twice(sandbox: Sandbox) -> None:
    """What answers with a slash at its end as well is one address."""
    paths = compose(sandbox).openapi()["paths"]
    assert [path for path in paths if f"{path}/" in paths] == []
