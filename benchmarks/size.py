"""What a token check and a look-up cost among ten, a thousand and a hundred thousand authorizations: the same."""

import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from benchmarks.load import Line, drive
from benchmarks.peers import our_client, ours
from benchmarks.processes import Served
from benchmarks.table import Row, Target
from benchmarks.turns import in_turns, median
from mock_server.domain.randomness import fingerprint
from mock_server.store import open_store

SIZES = (10, 1_000, 100_000)
_SECONDS = 1.0
_AT_ONCE = 2_000
_NEVER_BELOW = 2_000_000  # uids that the server gives by itself stay far below
_SCOPE = "FB=4_15_16;AdditionalScope=auth-test-test_residential"
_RESOURCE = "/DataCustodian/espi/1_1/resource"


@dataclass(frozen=True)
class _Filled:
    """A server with so many authorizations, and one in their midst."""

    server: Served
    api_token: str
    uid: str
    access_token: str


def measure() -> Iterable[Row]:
    """The rows of this part."""
    with ExitStack() as stack:
        filled = {size: _filled(stack, size) for size in SIZES}
        for figure, path in _LOOK_UPS.items():
            yield from _rows(figure, filled, path)


_LOOK_UPS: dict[str, Callable[[_Filled], tuple[str, str]]] = {
    "token check (ServiceStatus)": lambda one: (f"{_RESOURCE}/ReadServiceStatus", one.api_token),
    "resource look-up (UsagePoints)": lambda one: (
        f"{_RESOURCE}/Subscription/{one.uid}/UsagePoint",
        one.access_token,
    ),
    "JSON look-up (authorization)": lambda one: (f"/api/v2/authorizations/{one.uid}", one.api_token),
    "JSON list, ten of all": lambda one: ("/api/v2/authorizations?limit=10", one.api_token),
}


def _rows(
    figure: str, filled: dict[int, _Filled], look_up: Callable[[_Filled], tuple[str, str]]
) -> Iterable[Row]:

    def wait(one: _Filled) -> Callable[[], float]:
        return lambda: _milliseconds(one, *look_up(one))

    medians = in_turns({size: wait(one) for size, one in filled.items()})
    smallest = min(filled)
    for size in sorted(filled)[1:]:
        yield Row(
            figure=f"{figure}, {size:,} authorizations",
            ours=medians[size],
            unit="ms",
            beside=f"{smallest:,}:",
            baseline=medians[smallest],
            target=Target("at most", 1.15),
        )


def _milliseconds(one: _Filled, path: str, token: str) -> float:
    header = f"Authorization: Bearer {token}\r\n"

    async def ask(line: Line) -> None:
        await line.ask("GET", path, headers=header)

    tally = drive(one.server.port, ask, seconds=_SECONDS, connections=1)
    return median(tally.waits) * 1000


def _filled(stack: ExitStack, size: int) -> _Filled:
    folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    url = f"sqlite:///{folder}/bench.db"
    with ours(database_url=url) as first:
        made = first.call("POST", "/_mock/authorizations", {"scope": _SCOPE, "exchange": True})
        api_token = our_client(first).api_token
    uid = made["authorization"]["uid"]
    _multiply(url, uid, size)
    server = stack.enter_context(ours(database_url=url))
    number = size // 2
    return _Filled(server, api_token, str(_NEVER_BELOW + number), _secret(number))


def _secret(number: int) -> str:
    return f"{number:064x}"


def _multiply(url: str, uid: str, size: int) -> None:
    """So many authorizations like that one, each with meters and a token of its own; nothing is due for any."""
    store = open_store(url, sandbox="default")
    with store.reading() as transaction:
        authorization = replace(transaction.authorizations.get(uid=uid), wakes=None)
        meters = transaction.meters.list(authorization_uid=uid)
        token = transaction.tokens.list(authorization_uid=uid, token_class="access")[0]
    for start in range(0, size, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, size))
        uids = {number: str(_NEVER_BELOW + number) for number in numbers}
        with store.writing() as transaction:
            transaction.authorizations.add(*(replace(authorization, uid=one) for one in uids.values()))
            transaction.tokens.add(
                *(
                    replace(token, hash=fingerprint(_secret(number)), authorization_uid=one)
                    for number, one in uids.items()
                )
            )
            transaction.meters.add(
                *(
                    replace(meter, uid=f"{one}{place}", authorization_uid=one)
                    for one in uids.values()
                    for place, meter in enumerate(meters)
                )
            )
    store.close()
