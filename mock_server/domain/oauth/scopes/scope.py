"""What a client asks for: a record that prints to a text, and a text that parses to it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from mock_server.domain.oauth.scopes.errors import refuse
from mock_server.domain.oauth.scopes.options import SEAM, Authentication
from mock_server.domain.oauth.scopes.parse import read_fields

_REMEMBERED: Final = 512  # a flow reads its scope again at each step
_MONTHS_UP_TO: Final = 120  # live strings carry HistoryLength=13, meaning months (espi.md §3.1)
_SECONDS_PER_DAY: Final = 86_400


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What a client asks for, one field per parameter or option.

    Every Scope that exists prints to a text that parses to an equal Scope; building any other raises
    InvalidScope. Named frequencies are spelled as in ESPI (`billingPeriod`), numbers without leading zeros.
    """

    function_blocks: tuple[int, ...]
    history_length: int | None = None
    preferred_end: int | None = None
    """Seconds since 1970; 0 means until the customer revokes."""
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
        read = read_fields(text)
        for name, value in vars(self).items():
            if read[name] != value:
                instead = f"Give {name} a value that a scope string can carry."
                refuse(f"The scope would be read back with another {name}", text, instead=instead)

    @property
    def history_seconds(self) -> int | None:
        """Seconds of history: `history_length`, where up to 120 counts as months of a 365-day year."""
        if self.history_length is None or self.history_length > _MONTHS_UP_TO:
            return self.history_length
        return self.history_length * 365 // 12 * _SECONDS_PER_DAY


@lru_cache(_REMEMBERED)
def parse_scope(text: str) -> Scope:
    """Read a scope string that was URL-decoded once (ESPI scope grammar, UtilityAPI AdditionalScope).

    Unknown parameters and leading unknown options are kept. Raises InvalidScope, and nothing else, for any
    string; its message never contains what a callback looks for when it looks for a code.
    """
    return Scope(**read_fields(text))


def print_scope(scope: Scope) -> str:
    """Write the scope as one RFC 6749 scope-token, at most 2,000 characters, not yet URL-encoded."""
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
    # A lone surrogate is written too, so that reading it back gives the refusal.
    value = quote(authentication.value, safe="+", errors="surrogatepass")
    return f"auth-{authentication.way}-{SEAM.sub('%5F', value)}"
