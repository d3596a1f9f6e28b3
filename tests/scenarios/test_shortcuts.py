"""The fixture's methods for a world that changes, on a real server; presets by name and by marker."""

from datetime import datetime, timedelta

import httpx
import pytest

from mock_server.testing.server import MockServer
from tests.support import SCOPE


def test_a_customer_lives_on_by_methods(mock_server: MockServer) -> None:
    tokens = mock_server.tokens(SCOPE)
    (made,) = mock_server.authorizations()
    tomorrow = mock_server.freeze() + timedelta(days=1)
    shortened = mock_server.shorten(made["uid"], tomorrow)
    assert datetime.fromisoformat(shortened["expires"]) == tomorrow
    result = mock_server.renumber("test_residential", number="9-9")
    assert [one["number"] for one in result["accounts"]] == ["9-9"]
    result = mock_server.exchange_meter("test_residential", serial="NEW-1")
    assert result["accounts"][0]["services"][0]["meter_serial"] == "NEW-1"
    assert mock_server.move_out("test_residential")["moved_out"]
    displayed = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert httpx.get(tokens["resourceURI"], headers=displayed).is_error


@pytest.mark.mock_server(faults=["denial"])
def test_a_preset_is_armed_by_the_marker(mock_server: MockServer) -> None:
    query = {
        "response_type": "code",
        "client_id": mock_server.client.id,
        "redirect_uri": "http://127.0.0.1:5000/callback",
        "scope": SCOPE,
        "state": "s",
    }
    answer = httpx.get(f"{mock_server.url}/oauth/authorize", params=query)
    assert httpx.URL(answer.headers["location"]).params["error"] == "access_denied"
    assert answer.headers["x-simulated-fault"] == "denial"
