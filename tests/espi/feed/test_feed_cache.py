"""Cached parts of feeds equal freshly written ones, fit bounded memory, and can be concatenated."""

import zlib
from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.actions.reading.publication import at_last_change
from mock_server.actions.reading.shares import get_share
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.domain.randomness import Randomness
from mock_server.espi.content.subscription import usage_entries, usage_parts
from mock_server.espi.content.subscription_view import Subscription
from mock_server.espi.feed import ids
from mock_server.espi.feed.atom import CachedSection, render_context_for, write_feed
from mock_server.espi.feed.delivery import gzipped, plain
from mock_server.espi.feed.feed_cache import CompressedPart, FeedCache, pack
from mock_server.espi.xml.spelling import USAGE
from mock_server.sandbox import Sandbox
from mock_server.urls import Links
from tests.conftest import NOON
from tests.support import Third

texts = st.lists(st.binary(max_size=2000).map(lambda raw: raw * 20), max_size=8)


def stored(text: bytes) -> CompressedPart:
    cache = FeedCache(10**6)
    cache.keep("text", pack(text))
    found = cache.find("text")
    assert found is not None
    assert found.fresh is None
    return found


@given(texts=texts)
def test_bytes_and_compressed_parts_can_be_concatenated(texts: list[bytes]) -> None:
    def parts() -> Generator[bytes | CompressedPart]:
        for number, text in enumerate(texts):
            yield (text, pack(text), stored(text))[number % 3]

    complete = b"".join(texts)
    assert b"".join(plain(parts())) == complete
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(b"".join(gzipped(parts()))) == complete
    assert reader.eof
    assert reader.unused_data == b""


def test_a_cache_evicts_the_least_recently_used_part() -> None:
    part = pack(b"0123456789")
    cache = FeedCache(3 * len(part.deflated))
    for key in "abc":
        cache.keep(key, part)
    assert cache.find("a") is not None
    cache.keep("d", part)
    cache.keep("d", part)
    assert [cache.find(key) is not None for key in "abcd"] == [True, False, True, True]
    cache.keep("e", pack(bytes(range(256)) * 99))
    assert cache.find("e") is None, "larger than the complete cache"


def feed(sandbox: Sandbox, uid: str, cache: FeedCache, *, host: str, dialect: str) -> bytes:
    share = at_last_change(sandbox, sandbox.read(get_share, uid))
    render_context = render_context_for(Links.at(host), sandbox.fixtures.utility, dialect)
    parts = usage_parts(Subscription(sandbox, render_context, share), share.meters)
    place = ids.batch_subscription(uid)
    return b"".join(plain(write_feed(render_context, place, USAGE, parts, updated=share.now, cache=cache)))


@pytest.mark.parametrize("customer", ["test_residential", "test_solar", "test_gaps"])
def test_cached_parts_equal_freshly_written_ones(third: Third, sandbox: Sandbox, customer: str) -> None:
    """Covers passing time, corrected days, new and reissued bills, and a changed authorization."""
    scope = f"FB=4_16;HistoryLength=8000000;AdditionalScope=auth-test-{customer}"
    uid = third.tokens(customer, scope).authorization.uid
    cache = FeedCache(10**7)
    for step in range(16):
        host, dialect = f"http://host{step % 2}", ("utilityapi", "certification")[step // 2 % 2]
        fresh = feed(sandbox, uid, FeedCache(0), host=host, dialect=dialect)
        assert feed(sandbox, uid, cache, host=host, dialect=dialect) == fresh
        assert feed(sandbox, uid, cache, host=host, dialect=dialect) == fresh
        sandbox.write_alone(advance_clock, timedelta(days=2, hours=7))
    with sandbox.writing() as transaction:
        transaction.authorizations.change({"uid": uid}, history_start=NOON - timedelta(days=60))
    other_seed = replace(sandbox, random=Randomness("another"))
    for other in (sandbox, sandbox, other_seed, other_seed):
        fresh = feed(other, uid, FeedCache(0), host="http://host0", dialect="utilityapi")
        assert feed(other, uid, cache, host="http://host0", dialect="utilityapi") == fresh


def test_only_past_periods_are_cached(third: Third, sandbox: Sandbox) -> None:
    uid = third.tokens(scope="FB=4_16;AdditionalScope=auth-test-test_residential").authorization.uid
    share = at_last_change(sandbox, sandbox.read(get_share, uid))
    render_context = render_context_for(Links.at("http://x"), sandbox.fixtures.utility, "utilityapi")
    subscription = Subscription(sandbox, render_context, share)
    parts = list(usage_parts(subscription, share.meters))
    sections = [part for part in parts if isinstance(part, CachedSection)]
    inside = [entry for section in sections for entry in section.entries()]
    assert len(inside) + len(parts) - len(sections) == len(list(usage_entries(subscription, share.meters)))
    open_sets = {f"-{round(NOON.timestamp())}"}
    for entry in inside:
        assert entry.published <= share.now
        assert not any(name in "/".join(entry.place) for name in open_sets)
    assert len(parts) - len(sections) < 3 * (2 + 2 + 31), (
        "points, time zones and one open period for each meter"
    )
