"""Routes for the data custodian's own staff (ESPI 4.0 §1.3). They exist, but no third-party token may use them."""

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.domain.errors import InsufficientScope, NotFound
from mock_server.domain.records import TokenClass
from mock_server.http.bearer import authenticate_bearer
from mock_server.http.context import Context
from mock_server.urls import RESOURCE

router = APIRouter(prefix=RESOURCE, include_in_schema=False)

_ANY_CLASS: Final[tuple[TokenClass, ...]] = ("access", "client", "registration", "api")
_METER: Final = "/Subscription/{uid}/UsagePoint/{meter}"
_CUSTOMER: Final = "/RetailCustomer/{uid}/Customer"
_AGREEMENT: Final = _CUSTOMER + "/{customer}/CustomerAccount/{account}/CustomerAgreement"
_LOCATION: Final = _AGREEMENT + "/{agreement}/ServiceLocation"

# Collections of all customers' data.
_OF_ALL_CUSTOMERS: Final = (
    *("/IntervalBlock", "/MeterReading", "/UsagePoint"),
    *("/Customer", "/CustomerAccount", "/CustomerAgreement", "/ServiceLocation", "/ServiceSupplier"),
    *("/EndDevice", "/Meter", "/ProgramDateIdMappings"),
)
# Collections that third parties may read; other modules have those routes.
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
    """Refuse every token. Raises MissingToken, InvalidToken, InsufficientScope."""
    await authenticate_bearer(context, allowed=_ANY_CLASS)
    raise InsufficientScope(
        f"{context.method} on this URL requires a data custodian's token; third parties cannot use it. "
        "Read a customer's data under Subscription or Batch. To change this sandbox's data, use the control "
        "API under /_mock or the fixtures."
    )


@router.get("/Subscription/{uid}")
async def read_subscription(uid: str) -> Response:
    """ESPI has no Subscription resource. Raises NotFound."""
    raise NotFound(
        f"A Subscription cannot be read directly. Read Batch/Subscription/{uid[:40]} or its UsagePoint feed."
    )


def _forbid(path: str, *methods: str) -> None:
    router.add_api_route(path, refuse, methods=list(methods), response_model=None)


for _path in _OF_ALL_CUSTOMERS:
    _forbid(_path, "GET", "POST")
    _forbid(_path + "/{id}", "GET", "PUT", "DELETE")
for _path in _READ_ONLY:
    _forbid(_path, "POST")
    _forbid(_path + "/{id}", "PUT", "DELETE")
_forbid("/ApplicationInformation", "GET", "POST")
_forbid("/Batch/RetailCustomer/{uid}", "PUT", "DELETE")
_forbid("/Batch/RetailCustomer/{uid}/UsagePoint", "GET", "POST")
