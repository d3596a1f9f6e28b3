"""One authorization's usage data, with everything needed to render its entries."""

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
    """A share with its sandbox and render context."""

    sandbox: Sandbox
    render_context: RenderContext
    share: Share

    @cached_property
    def make(self) -> Spelling:
        """Creates the payload elements."""
        return self.render_context.spelling(USAGE)

    @cached_property
    def territory(self) -> Territory:
        """The territory of the meters."""
        return territory_of(self.sandbox, self.share)

    @cached_property
    def origin(self) -> str:
        """A hash of everything that determines the data, except the time."""
        timeless = replace(self.share, now=self.share.authorization.created)
        return version_of(*settled(self.sandbox), timeless)

    @property
    def lag(self) -> timedelta:
        """How long after its end a block is published."""
        return timedelta(hours=self.sandbox.settings.publication_lag_hours)

    @property
    def blocks(self) -> frozenset[int]:
        """The granted function blocks."""
        return self.share.function_blocks


def settled(sandbox: Sandbox) -> tuple[object, ...]:
    """What determines all data and stays constant while the server runs."""
    return (
        __version__,
        sandbox.random.seed,
        sandbox.fixtures.utility,
        sandbox.settings.publication_lag_hours,
    )
