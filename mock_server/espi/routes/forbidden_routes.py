"""Routes for the data custodian's own staff (ESPI 4.0 §1.3): known, and forbidden for every third party's token."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.domain.errors import InsufficientScope, NotFound
from mock_server.domain.records import TokenClass
from mock_server.http.bearer import authenticate_bearer
from mock_server.http.context import Context
from mock_server.urls import RESOURCE

router = APIRouter(prefix=RESOURCE, include_in_schema=False)

_ANYBODY: Final[tuple[TokenClass, ...]] = ("access", "client", "registration", "api")
_METER: Final = "/Subscription/{uid}/UsagePoint/{meter}"
_CUSTOMER: Final = "/RetailCustomer/{uid}/Customer"
_AGREEMENT: Final = _CUSTOMER + "/{customer}/CustomerAccount/{account}/CustomerAgreement"
_LOCATION: Final = _AGREEMENT + "/{agreement}/ServiceLocation"

# Collections of everybody's data: nothing in them is one customer's.
_OF_EVERYBODY: Final = (
    *("/IntervalBlock", "/MeterReading", "/UsagePoint"),
    *("/Customer", "/CustomerAccount", "/CustomerAgreement", "/ServiceLocation", "/ServiceSupplier"),
    *("/EndDevice", "/Meter", "/ProgramDateIdMappings"),
)
# Collections that third parties read, each elsewhere.
_READ_ONLY: Final = (
    *("/ReadingType", "/LocalTimeParameters", "/Statement"),
    "/Subscription/{uid}/UsagePoint",
    _METER + "/MeterReading",
    _METER + "/MeterReading/{reading}/IntervalBlock",
    _METER + "/UsageSummary",
    _METER + "/ElectricPowerUsageSummary",
    _METER + "/ElectricPowerQualitySummary",
    _CUSTOMER,
    _CUSTOMER + "/{customer}/CustomerAccount",
    _AGREEMENT,
    _AGREEMENT + "/{agreement}/ServiceSupplier",
    _AGREEMENT + "/{agreement}/ProgramDateIdMappings",
    _LOCATION,
    _LOCATION + "/{location}/Meter",
    _LOCATION + "/{location}/EndDevice",
)


async def refuse(context: Context) -> Response:
    """Nobody's token opens this. Raises MissingToken, InvalidToken, InsufficientScope."""
    await authenticate_bearer(context, allowed=_ANYBODY)
    raise InsufficientScope(
        f"{context.method} at this address is for the utility's own staff (a data custodian's token), and no "
        "third party can do that. Read what a customer shares below Subscription or Batch; to change what this "
        "sandbox holds, use the control API under /_mock or the fixtures."
    )


@router.get("/Subscription/{uid}")
async def read_subscription(uid: str) -> Response:
    """ESPI has no such resource. Raises NotFound."""
    raise NotFound(
        f"A Subscription is no resource of its own. Read Batch/Subscription/{uid[:40]}, or its UsagePoint feed."
    )


def _close(path: str, *methods: str) -> None:
    router.add_api_route(path, refuse, methods=list(methods), response_model=None)


for _path in _OF_EVERYBODY:
    _close(_path, "GET", "POST")
    _close(_path + "/{id}", "GET", "PUT", "DELETE")
for _path in _READ_ONLY:
    _close(_path, "POST")
    _close(_path + "/{id}", "PUT", "DELETE")
_close("/ApplicationInformation", "GET", "POST")
_close("/Batch/RetailCustomer/{uid}", "PUT", "DELETE")
_close("/Batch/RetailCustomer/{uid}/UsagePoint", "GET", "POST")
