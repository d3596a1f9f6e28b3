"""Readings and bills are the same in every process and in any order of computation."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import hashlib, sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from mock_server.domain.billing.bills import list_bills
from mock_server.domain.randomness import Randomness
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.readings import Territory
from mock_server.domain.usage.simulation import read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

fixtures = load_fixtures(bundled_folder())
tariffs = {tariff.id: tariff for tariff in fixtures.tariffs}
start, end = datetime(2025, 10, 20, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC)
results = []
for customer in fixtures.customers[:: -1 if sys.argv[1] == "backwards" else 1]:
    zone = ZoneInfo(customer.time_zone)
    territory = Territory(random=Randomness("x"), climate=fixtures.utility.climate, zone=zone)
    for account, service in customer.services():
        for flow in service.flows:
            read = read_meter(territory, service, Span(start=start, end=end), flow=flow)
            results.append((service.id, flow, hashlib.sha256(read.values.tobytes()).hexdigest()))
        bills = list_bills(
            territory, service, tariffs[service.tariff], start=start, now=end, read_day=account.read_day
        )
        results.append((service.id, [str(bill.total) for bill in bills]))
print(sorted(map(str, results)))
"""


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_two_processes_compute_the_same(hash_seed: str) -> None:
    def run(order: str, seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo" if seed == "1" else "UTC"}
        command = [sys.executable, "-c", SCRIPT, order]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, env=environment, check=True
        )
        return done.stdout

    assert run("forwards", "0") == run("backwards", hash_seed)
