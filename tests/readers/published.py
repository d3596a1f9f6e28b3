"""What a library is given, and the sums it must find: by meter and direction of flow, in kWh, therms or gallons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.fixtures import bundled_folder, load_fixtures
from tests.support import Third

CUSTOMERS = [
    one.id for one in load_fixtures(bundled_folder()).customers if one.is_test_account and one.accounts
]
FIRST_DAY = "2026-03-01"
FIRST_DAY_OF_A_HUNDRED_SERVICES = "2026-03-13"
FLOWS = {1: "delivered", 4: "net", 19: "received"}
WATT_HOURS = 72
Sums = Mapping[tuple[str, int], Decimal]


@dataclass(frozen=True)
class Published:
    """A customer's feed, and the answer key of the same days."""

    feed: bytes
    sums: Sums


def publish(third: Third, customer: str) -> Published:
    """A fortnight of a customer's readings; two days where there are so many meters."""
    first_day = FIRST_DAY_OF_A_HUNDRED_SERVICES if customer == "test_large" else FIRST_DAY
    scope = f"FB=4_16_51;AdditionalScope=historical-{first_day}_auth-test-{customer}"
    issued = third.tokens(customer, scope)
    path = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{issued.authorization.uid}"
    while (answer := third.get(path, issued.access_token)).status_code == 202:
        third.sandbox.write_alone(advance_clock, timedelta(seconds=int(answer.headers["Retry-After"])))
    feed = answer.content
    truth = third.http.get("/_mock/truth", params={"customer": customer, "from": first_day}).json()
    meters = third.get("/api/v2/meters", issued.access_token).json()["meters"]
    services = {service["service"]: service["total"] for service in truth["services"]}
    sums = {}
    for meter in meters:
        total = services[meter["base"]["service_identifier"]]
        for code, name in FLOWS.items():
            sums[meter["uid"], code] = Decimal(str(total[name]))
    return Published(feed, sums)


def in_bill_units(value: float | Decimal, unit: int) -> Decimal:
    """A sum of readings as bills count them: kWh in place of Wh."""
    exact = Decimal(str(value))
    return round(exact / 1000 if unit == WATT_HOURS else exact, 3)
