"""Meter: one service of an authorization, its collected data and its details."""

from typing import Literal

from pydantic import Field

from mock_server.api.objects.shape import Coverage, Export, Note, Shape, Timestamp

Frequency = Literal["off", "monthly", "weekly", "daily"]
MeterStatus = Literal["pending", "updated", "errored"]


class MeterBase(Shape):
    """What the utility knows of a service."""

    service_identifier: str
    service_tariff: str
    service_class: str
    service_address: str
    meter_numbers: list[str]
    billing_contact: str
    billing_address: str
    billing_account: str


class OngoingMonitoring(Shape):
    """How often new data is collected, and when next."""

    frequency: Frequency
    prepay: str | None
    next_prepay: Timestamp | None
    next_refresh: Timestamp | None
    fixed_refresh_day: int | None


class MeterExports(Shape):
    """Where the same data is as files; absent where there is none."""

    bills_csv: str | None = None
    bills_zip: str | None = None
    latest_pdf: str | None = None
    intervals_csv: str | None = None
    intervals_xml: str | None = None


class ElectricDetails(Shape):
    """What only meters of electricity have."""

    net_metering: bool


class Program(Shape):
    """A programme that the service takes part in."""

    code: str
    date_type: str | None
    name: str


class Supplier(Shape):
    """Another company that supplies what the utility delivers."""

    supplier_name: str
    supplier_service_id: str | None
    supplier_tariff: str | None
    third_party: bool


class OtherDevice(Shape):
    """A device at the service that is not its meter."""

    name: str
    serial_number: str


class Meter(Shape):
    """The Meter object of utilityapi.md §6."""

    uid: str
    authorization_uid: str
    created: Timestamp
    user_email: str
    user_uid: str
    is_archived: bool
    is_activated: bool
    is_expanded: bool
    notes: list[Note]
    status: MeterStatus
    status_message: str
    status_ts: Timestamp
    ongoing_monitoring: OngoingMonitoring
    utility: str
    bill_count: int
    bill_coverage: Coverage
    bill_sources: list[str]
    interval_count: int
    interval_coverage: Coverage
    interval_sources: list[str]
    exports: MeterExports
    exports_list: list[Export]
    blocks: list[str]
    base: MeterBase | None = None
    electric_details: ElectricDetails | None = None
    programs: list[Program] | None = None
    suppliers: list[Supplier] | None = None
    other_devices: list[OtherDevice] | None = None


class MeterListing(Shape):
    """A page of meters."""

    meters: list[Meter]
    next: str | None


class MeterChange(Shape):
    """What PATCH /meters/{uid} takes."""

    is_archived: bool


class HistoricalCollection(Shape):
    """What POST /meters/historical-collection takes."""

    meters: list[str] = Field(min_length=1, max_length=1000)
    collection_duration: int = Field(12, ge=1, le=36, strict=True)


class CollectionStarted(Shape):
    """Which meters are being collected now."""

    success: Literal[True]
    meters: list[str]


class Monitoring(Shape):
    """What POST /meters/ongoing-monitoring takes. `prepay` is what older clients send."""

    meters: list[str] = Field(min_length=1, max_length=1000)
    frequency: Frequency | None = None
    fixed_refresh_day: int | None = Field(None, ge=1, le=31, strict=True)
    prepay: Literal["month_to_month", "prepay_yearly"] | None = None


class MonitoringSet(Shape):
    """How those meters are monitored from now on."""

    success: Literal[True]
    meters: list[str]
    frequency: Frequency
    fixed_refresh_day: int | None
