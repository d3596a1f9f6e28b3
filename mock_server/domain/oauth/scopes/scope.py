"""The Scope record, its parser and its printer."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from mock_server.domain.oauth.scopes.errors import refuse
from mock_server.domain.oauth.scopes.options import SEPARATOR, Authentication
from mock_server.domain.oauth.scopes.parse import read_fields

_CACHE_SIZE: Final = 512  # each step of a flow parses its scope again
_MAX_MONTHS: Final = 120  # real scopes have HistoryLength=13, meaning months (espi.md §3.1)
_SECONDS_PER_DAY: Final = 86_400


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a client requests, with one field per parameter or option.

    Printing and parsing a Scope gives an equal one; the constructor raises InvalidScope if it would not. Named
    frequencies are spelled as in ESPI (`billingPeriod`), numbers have no leading zeros.
    """

    function_blocks: tuple[int, ...]
    history_length: int | None = None
    preferred_end: int | None = None
    """Seconds since 1970; 0 means until revoked."""
    subscription_frequency: str | None = None
    interval_durations: tuple[str, ...] = ()
    block_durations: tuple[str, ...] = ()
    account_collection: int | None = None
    bulk_ids: tuple[str, ...] = ()
    no_edit: bool = False
    all_meters: bool = False
    historical_from: date | None = None
    no_historical: bool = False
    ongoing_until: date | None = None
    no_ongoing: bool = False
    scope_of_use: str | None = None
    authentication: Authentication | None = None
    other_parameters: tuple[tuple[str, str], ...] = ()
    other_options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        text = print_scope(self)
        parsed = read_fields(text)
        for name, value in vars(self).items():
            if parsed[name] != value:
                instead = f"Give {name} a value that a scope string can express."
                refuse(f"The scope would be read back with another {name}", text, instead=instead)

    @property
    def history_seconds(self) -> int | None:
        """The requested history in seconds. A `history_length` up to `_MAX_MONTHS` counts months of a 365-day year."""
        if self.history_length is None or self.history_length > _MAX_MONTHS:
            return self.history_length
        return self.history_length * 365 // 12 * _SECONDS_PER_DAY


@lru_cache(_CACHE_SIZE)
def parse_scope(text: str) -> Scope:
    """Parses a scope string that was URL-decoded once (RFC 6749 §3.3, ESPI 4.0 scope, UtilityAPI AdditionalScope).

    Unknown parameters and leading unknown options are preserved. Raises only InvalidScope; its message never contains
    `code=`, which clients search for in a redirect.
    """
    return Scope(**read_fields(text))


def print_scope(scope: Scope) -> str:
    """Returns the scope as one scope-token (RFC 6749 §3.3), not URL-encoded, of a length that `parse_scope` accepts."""
    parameters = (
        ("FB", "_".join(map(str, scope.function_blocks))),
        ("IntervalDuration", "_".join(scope.interval_durations) or None),
        ("BlockDuration", "_".join(scope.block_durations) or None),
        ("HistoryLength", scope.history_length),
        ("PreferredAuthEndDate", scope.preferred_end),
        ("SubscriptionFrequency", scope.subscription_frequency),
        ("AccountCollection", scope.account_collection),
        *(("BR", bulk_id) for bulk_id in scope.bulk_ids),
        ("AdditionalScope", "_".join(_print_options(scope)) or None),
        *scope.other_parameters,
    )
    return ";".join(f"{name}={value}" for name, value in parameters if value is not None)


def _print_options(scope: Scope) -> list[str]:
    options = (
        (f"historical-{scope.historical_from}", scope.historical_from is not None),
        ("historical-none", scope.no_historical),
        (f"ongoing-{scope.ongoing_until}", scope.ongoing_until is not None),
        ("ongoing-none", scope.no_ongoing),
        (f"sou-{scope.scope_of_use}", scope.scope_of_use is not None),
        ("noedit", scope.no_edit),
        ("meters-all", scope.all_meters),
    )
    auth = [] if scope.authentication is None else [_print_authentication(scope.authentication)]
    return [*scope.other_options, *(option for option, is_set in options if is_set), *auth]


def _print_authentication(authentication: Authentication) -> str:
    if authentication.value is None:
        return f"auth-{authentication.way}"
    # A lone surrogate is encoded, too, so that parsing the result raises InvalidScope.
    value = quote(authentication.value, safe="+", errors="surrogatepass")
    return f"auth-{authentication.way}-{SEPARATOR.sub('%5F', value)}"
