"""Fixtures for other people's tests: a mock utility per session, as good as new for each test.

The server is imported only when a test asks for it, so that having the plugin costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mock_server.server import MockServer


@pytest.fixture(scope="session")
def mock_server_session() -> Iterator[MockServer]:
    """The utility DEMOUTILITY on a free port, running for the whole session; nothing resets it."""
    from mock_server.server import MockServer

    with MockServer() as server:
        yield server


@pytest.fixture
def mock_server(mock_server_session: MockServer) -> MockServer:
    """The utility DEMOUTILITY as at first start: `.url`, `.client`, `.authorize(scope=…)`, `.tokens(scope=…)`."""
    mock_server_session.reset()
    return mock_server_session
