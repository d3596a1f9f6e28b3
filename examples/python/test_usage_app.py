"""Its tests against the mock utility: `pip install mock-utility-server`, then `pytest`."""

from datetime import datetime, timedelta

import httpx
import pytest
from usage_app import ConnectionLost, UsageApp

pytestmark = pytest.mark.mock_server(clock="2026-03-01T12:00:00Z")


@pytest.fixture
def home(mock_server):
    """A customer with one electric meter, and nothing else."""
    return mock_server.create_customer(services=[{"kind": "electric"}])


@pytest.fixture
def app(mock_server, home):
    """The app after this customer connected it."""
    client = mock_server.client
    app = UsageApp(mock_server.url, client.id, client.secret)
    app.connect(mock_server.authorize(scope="FB=4_5", customer=home["id"]))
    return app


def test_it_sums_up_what_the_utility_measured(mock_server, home, app):
    truth = mock_server.control("GET", "truth", query={"customer": home["id"]})
    since = datetime.fromisoformat(truth["start"])
    assert app.kwh_since(since) == pytest.approx(truth["services"][0]["total"]["delivered"])


def test_it_refreshes_its_token_and_sees_the_next_month(mock_server, app):
    today = mock_server.now()
    assert app.kwh_since(today) == 0
    mock_server.advance(timedelta(days=40))
    assert app.kwh_since(today) > 0
    assert [one["status"] for one in mock_server.exchanges(path="*/oauth/token")] == [200, 200]


def test_it_notices_that_the_customer_ended_it(mock_server, app):
    mock_server.revoke(mock_server.authorizations()[0]["uid"])
    with pytest.raises(ConnectionLost):
        app.kwh_since(mock_server.now())


def test_it_says_so_when_the_utility_is_down(mock_server, app):
    mock_server.fault(path="*/Batch/*", status=503)
    with pytest.raises(httpx.HTTPStatusError, match="503"):
        app.kwh_since(mock_server.now())
