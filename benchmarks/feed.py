"""How long the commercial Batch feed takes to generate and write, against the same bytes ready in memory."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.measure import growth, in_turns, report
from mock_server.actions.authorizations import approve_directly
from mock_server.actions.authorize import find_return_address, start_request
from mock_server.actions.shares import Share, get_share
from mock_server.actions.sign_in import find_customer
from mock_server.app import open_sandbox
from mock_server.core.parameters import parameters_of
from mock_server.core.records import Customer
from mock_server.espi import ids
from mock_server.espi.feed import paper_for, write_feed
from mock_server.espi.subscription import Subscription, usage_entries
from mock_server.espi.xml.spelling import USAGE
from mock_server.paths import Links
from mock_server.sandbox import Sandbox
from mock_server.settings import read_settings

CLOCK = datetime(2026, 3, 1, 12, tzinfo=UTC)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        sandbox = open_sandbox(
            read_settings({"database_url": f"sqlite:///{folder}/bench.db", "clock": CLOCK}, environment={})
        )
        share = _share(sandbox)
        ready = list(_pieces(sandbox, share))
        size = sum(map(len, ready))

        def generate() -> int:
            return sum(len(piece) for piece in _pieces(sandbox, share))

        note = f"{size / 1e6:.1f} MB, {growth(generate) / 1e6:.1f} MB at once"
        pair = in_turns(generate, lambda: sum(len(bytes(bytearray(piece))) for piece in ready))
        report("commercial Batch feed, two years", pair, note=note)
        sandbox.store.close()


def _share(sandbox: Sandbox) -> Share:
    wanted = {
        "response_type": "code",
        "client_id": sandbox.fixtures.utility.default_client,
        "scope": "FB=4_16_51;AdditionalScope=auth-test-test_commercial",
    }
    query = parameters_of(wanted.items())
    address = find_return_address(sandbox, query, base="http://localhost")
    request = start_request(sandbox, query, address, browser="benchmark")
    customer = find_customer(sandbox, "test_commercial")
    assert isinstance(customer, Customer)
    approval = approve_directly(
        sandbox, request, client=address.client, customer=customer, receipt_link="http://localhost"
    )
    return get_share(sandbox, approval.authorization.uid)


def _pieces(sandbox: Sandbox, share: Share) -> Iterator[bytes]:
    paper = paper_for(Links.at("http://localhost"), sandbox.fixtures.utility, "utilityapi")
    entries = usage_entries(Subscription(sandbox, paper, share), share.meters)
    place = ids.batch_subscription(share.authorization.uid)
    return write_feed(paper, place, USAGE, entries, updated=CLOCK)


if __name__ == "__main__":
    main()
