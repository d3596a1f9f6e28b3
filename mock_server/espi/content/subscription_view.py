"""One authorization's usage data, with everything that its entries are made of."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from mock_server import __version__
from mock_server.actions.reading.shares import Share, territory_of
from mock_server.domain.usage.readings import Territory
from mock_server.espi.feed.atom import RenderContext
from mock_server.espi.feed.feed_cache import version_of
from mock_server.espi.xml.spelling import USAGE, Spelling
from mock_server.sandbox import Sandbox


@dataclass(frozen=True)
class Subscription:
    """A share, seen through the scope that was granted."""

    sandbox: Sandbox
    render_context: RenderContext
    share: Share

    @cached_property
    def make(self) -> Spelling:
        """How the payloads are written."""
        return self.render_context.spelling(USAGE)

    @cached_property
    def territory(self) -> Territory:
        """Where the meters hang."""
        return territory_of(self.sandbox, self.share)

    @cached_property
    def origin(self) -> str:
        """A name for all that the data follows from, but the time."""
        timeless = replace(self.share, now=self.share.authorization.created)
        return version_of(*settled(self.sandbox), timeless)

    @property
    def lag(self) -> timedelta:
        """How long after its end a block is published."""
        return timedelta(hours=self.sandbox.settings.publication_lag_hours)

    @property
    def blocks(self) -> frozenset[int]:
        """The function blocks that were granted."""
        return self.share.function_blocks


def settled(sandbox: Sandbox) -> tuple[object, ...]:
    """What all data of a running server follows from."""
    return (
        __version__,
        sandbox.random.seed,
        sandbox.fixtures.utility,
        sandbox.settings.publication_lag_hours,
    )
