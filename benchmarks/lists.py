"""Lists of the JSON API for the customer with a hundred services, read for the first time and again."""

import time
from collections.abc import Iterable

from benchmarks.peers import our_client, ours
from benchmarks.table import Row, Target

_SCOPE = "FB=4_15_16_51;AdditionalScope=historical-2024-01-01_auth-test-test_large"
_LISTS = ("accounting/billing-accounts", "accounting/billing-summaries", "bills", "meters")


def measure() -> Iterable[Row]:
    """The rows of this part."""
    with ours() as server:
        token = {"Authorization": f"Bearer {our_client(server).api_token}"}
        made = server.call("POST", "/_mock/authorizations", {"scope": _SCOPE})
        wanted = f"authorizations={made['authorization']['uid']}"
        for name in _LISTS:
            first, again = (_seconds(server.read, f"/api/v2/{name}?{wanted}", token) for _ in range(2))
            yield Row(
                figure=f"/api/v2/{name} of test_large",
                ours=first,
                unit="s",
                target=Target("at most", 0.5, "figure"),
                note=f"read again {again:.2f} s",
            )


def _seconds(read: object, path: str, token: dict[str, str]) -> float:
    assert callable(read)
    begun = time.perf_counter()
    read(path, token)
    return time.perf_counter() - begun
