"""The answer key of one customer for local days, as far as the data is published."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from mock_server.actions.connecting.find_customer import find_customer
from mock_server.domain.billing.answer_key import ServiceAnswerKey, compute_answer_key
from mock_server.domain.errors import InvalidParameter, NotFound
from mock_server.domain.records import Customer
from mock_server.domain.time.durations import in_words
from mock_server.domain.time.periods import Span, local_midnight, visible_span
from mock_server.domain.usage.readings import Territory
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_FIRST_YEAR, _LAST_YEAR = 1991, 2099
LONGEST = timedelta(days=1500)
_USUAL = timedelta(days=30)
_RANGE = f"Request days from {_FIRST_YEAR} to {_LAST_YEAR}, and at most {in_words(LONGEST)}."


@dataclass(frozen=True, kw_only=True)
class AnswerKey:
    """The correct values: readings from `span.start` up to `span.end`, in the customer's time zone."""

    customer: Customer
    span: Span
    services: tuple[ServiceAnswerKey, ...]


def get_answer_key(
    sandbox: Sandbox, transaction: Transaction, customer_id: str, *, first: date | None, last: date | None
) -> AnswerKey:
    """The answer key for local days, both included; by default the newest 30.

    Raises NotFound for an unknown customer, InvalidParameter for invalid days.
    """
    customer = find_customer(sandbox, transaction, customer_id)
    if customer is None:
        raise NotFound(f"There is no customer {customer_id[:40]!r}. The home page lists them.")
    zone, now = ZoneInfo(customer.time_zone), transaction.now
    newest = last or now.astimezone(zone).date()
    if not _FIRST_YEAR <= newest.year <= _LAST_YEAR:
        raise InvalidParameter(_RANGE)
    oldest = first or newest - _USUAL
    if oldest > newest:
        raise InvalidParameter("`from` is after `to`. Send two local days in order; both are included.")
    if newest - oldest > LONGEST:
        raise InvalidParameter(_RANGE)
    end = local_midnight(newest + timedelta(days=1), zone)
    published = now - timedelta(hours=sandbox.settings.publication_lag_hours)
    if customer.moved_out is not None:
        end = min(end, customer.moved_out)
    territory = Territory(random=sandbox.random, climate=sandbox.fixtures.utility.climate, zone=zone)
    tariffs = {tariff.id: tariff for tariff in transaction.tariffs.list()}
    span = visible_span(start=local_midnight(oldest, zone), end=min(end, published))
    services = compute_answer_key(territory, customer, tariffs, span=span, end=end, now=now)
    return AnswerKey(customer=customer, span=span, services=tuple(services))
