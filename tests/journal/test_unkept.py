"""A journal that cannot be written must not cost anybody an answer."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.domain.errors import TemporarilyUnavailable
from mock_server.journal import Journal, News, Taken
from tests.journal.recorded import taken


class _Full:
    """A place where nothing can be written any more."""

    def page(self) -> str:
        return "1"

    def add(self, page: str, taken: Taken) -> None:
        raise TemporarilyUnavailable("The disk is full.")

    def news(self, page: str, place: str) -> News:
        return News(page="1", place="0", taken=())

    def clear(self) -> None:
        """Nothing is there."""

    async def run(self, work: Callable[[], Any]) -> Any:
        return work()


def test_an_exchange_that_cannot_be_stored_is_reported_in_the_log_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = Journal(key=b"k", ledger=_Full()).page()
    with caplog.at_level(logging.WARNING, "mock_server"):
        asyncio.run(page.keep(taken()))
    assert "not kept in the journal" in caplog.text
