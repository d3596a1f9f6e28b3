"""Bill: the cost of one billing period of a meter, block by block."""

from mock_server.api.objects.meter import MeterBase, Program
from mock_server.api.objects.shape import Note, Shape, Timestamp


class BillBase(MeterBase):
    """The period, what was used and what it cost. `bill_total_kwh` is null for what is not electricity."""

    bill_start_date: Timestamp
    bill_end_date: Timestamp
    bill_statement_date: Timestamp
    bill_total_kwh: float | None
    bill_total_unit: str
    bill_total_volume: float
    bill_total_cost: float


class Source(Shape):
    """The file that the data came from."""

    type: str
    raw_url: str


class BillLineItem(Shape):
    """A line of the bill; all costs together are the total."""

    name: str
    start: Timestamp
    end: Timestamp
    kind: str
    unit: str | None
    rate: float | None
    volume: float | None
    cost: float


class BillTier(Shape):
    """What was used at a tier's price."""

    name: str
    level: int
    cost: float
    volume: float | None
    unit: str | None


class TimeOfUse(Shape):
    """What was used in a window of the day."""

    name: str
    bucket: str
    cost: float
    volume: float | None
    unit: str | None


class Demand(Shape):
    """A charge for the highest power, in kW."""

    name: str
    demand: float | None
    cost: float


class Power(Shape):
    """A quality of the power that was delivered."""

    name: str
    type: str
    volume: float
    unit: str


class SupplierCharges(Shape):
    """What another company charges on this bill."""

    supplier_type: str
    supplier_name: str
    supplier_service_id: str | None
    supplier_tariff: str | None
    supplier_total_cost: float
    supplier_total_volume: float
    supplier_total_unit: str
    supplier_line_items: list[BillLineItem]


class Bill(Shape):
    """The Bill object of utilityapi.md §6; blocks without content are absent."""

    uid: str
    meter_uid: str
    authorization_uid: str
    created: Timestamp
    updated: Timestamp
    notes: list[Note]
    utility: str
    blocks: list[str]
    base: BillBase | None = None
    sources: list[Source] | None = None
    line_items: list[BillLineItem] | None = None
    tiers: list[BillTier] | None = None
    tou: list[TimeOfUse] | None = None
    demand: list[Demand] | None = None
    power: list[Power] | None = None
    suppliers: list[SupplierCharges] | None = None
    programs: list[Program] | None = None


class BillListing(Shape):
    """A page of bills."""

    bills: list[Bill]
    next: str | None
