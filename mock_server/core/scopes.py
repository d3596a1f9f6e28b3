"""The scope string of Green Button Connect (`FB=4_16_51;AdditionalScope=noedit`), to a record and back.

`;` separates parameters. `_` separates the options of AdditionalScope but also occurs inside their values, so
an underscore counts as a separator only where a known option follows (`_SEAM`); where that would cut an auth
value, the printer writes `%5F`. The text is what one URL decoding leaves: an auth value is decoded once more
and may hold spaces and any letter; everything else is visible ASCII (RFC 6749 §3.3 scope-token).

Refuses, with InvalidScope: a scope without function blocks, two scopes at once, and whatever would be read
back as something else. Knows no client, no customer and no clock.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, NoReturn
from urllib.parse import quote, unquote

from mock_server.core.errors import InvalidScope

WAYS: Final = ("sso", "account", "phone", "email", "address", "lastbill", "test")
"""The ways a customer can authenticate, as written after `auth-`."""

_REMEMBERED: Final = 512  # a flow reads its scope again at each step
_LONGEST: Final = 2_000
_LONGEST_SHOWN: Final = 40
_MONTHS_UP_TO: Final = 120  # live strings carry HistoryLength=13, meaning months (espi.md §3.1)
_SECONDS_PER_DAY: Final = 86_400
_PARAMETERS: Final = (
    "FB",
    "IntervalDuration",
    "BlockDuration",
    "HistoryLength",
    "PreferredAuthEndDate",
    "SubscriptionFrequency",
    "AccountCollection",
    "BR",
    "AdditionalScope",
)
_PARAMETER_IN_LOWER_CASE: Final = {name.lower(): name for name in _PARAMETERS}
_FREQUENCIES: Final = ("billingPeriod", "daily", "monthly", "seasonal", "weekly")
_FREQUENCY_IN_LOWER_CASE: Final = {name.lower(): name for name in _FREQUENCIES}

_SEAM: Final = re.compile(r"_(?=noedit(?:_|\Z)|(?:meters|historical|ongoing|sou|auth)-)")
_BLOCK_LIST: Final = re.compile(r"0{0,3}[1-9][0-9]{0,3}(?:_0{0,3}[1-9][0-9]{0,3})*")
_NUMBER: Final = re.compile(r"[0-9]{1,10}")  # seconds up to the year 2286, never milliseconds
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BULK_ID: Final = re.compile(r"[0-9A-Za-z-]+")
_OUTSIDE_TOKEN: Final = re.compile(r"[^!#-\[\]-~]")  # RFC 6749 §3.3 scope-token
_OUTSIDE_DESCRIPTION: Final = re.compile(r"[^ !#-\[\]-~]")  # RFC 6749 §5.2 error_description
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Authentication:
    """How the client wants the customer to sign in: `auth-{way}[-{value}]`, the value decoded.

    Without a value the customer is asked. Checked as part of its Scope.
    """

    way: str
    value: str | None = None


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
        read = _read_fields(text)
        for name, value in vars(self).items():
            if read[name] != value:
                instead = f"Give {name} a value that a scope string can carry."
                _refuse(f"The scope would be read back with another {name}", text, instead=instead)

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
    return Scope(**_read_fields(text))


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
    return f"auth-{authentication.way}-{_SEAM.sub('%5F', value)}"


def _read_fields(text: str) -> dict[str, Any]:  # Any: the fields of Scope by name, each with its own type
    if len(text) > _LONGEST:
        problem = f"The scope is {len(text)} characters long, percent-encoding included"
        _refuse(problem, text, instead=f"Write at most {_LONGEST}.")
    pairs = [_read_parameter(part) for part in text.split(";") if part]
    _refuse_repetition([name for name, _ in pairs if name != "BR"])
    given = dict(pairs)
    return {
        "function_blocks": _read_blocks(given, text),
        "interval_durations": _read_durations(given, "IntervalDuration"),
        "block_durations": _read_durations(given, "BlockDuration"),
        "history_length": _read_number(given, "HistoryLength", example="63072000 (seconds)"),
        "preferred_end": _read_number(given, "PreferredAuthEndDate", example="1893456000 (a Unix time)"),
        "subscription_frequency": _read_frequency(given),
        "account_collection": _read_number(given, "AccountCollection", example="3"),
        "bulk_ids": tuple(_read_bulk_id(value) for name, value in pairs if name == "BR"),
        "other_parameters": tuple(pair for pair in pairs if pair[0] not in _PARAMETERS),
        **_read_options(given.get("AdditionalScope", "")),
    }


def _read_parameter(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    name = _PARAMETER_IN_LOWER_CASE.get(name.lower(), name)
    _refuse_control_characters(part, part=part)
    if name != "AdditionalScope":  # its options are looked at one by one, since an auth value may hold more
        _refuse_odd_characters(part)
    if not name or not equals:
        instead = "Write every part as Name=Value, beginning with the function blocks, such as FB=4_16_51."
        _refuse("A part of the scope is not a name and a value", part, instead=instead)
    return name, value


def _read_blocks(given: Mapping[str, str], text: str) -> tuple[int, ...]:
    instead = "Write function block numbers joined by underscores, such as FB=4_16_51."
    if "FB" not in given:
        _refuse("The scope has no FB", text, instead=instead)
    if not _BLOCK_LIST.fullmatch(given["FB"]):
        _refuse("FB is not a list of function block numbers", given["FB"], instead=instead)
    return tuple(dict.fromkeys(int(number) for number in given["FB"].split("_")))


def _read_number(given: Mapping[str, str], name: str, *, example: str) -> int | None:
    if name not in given:
        return None
    if not _NUMBER.fullmatch(given[name]):
        problem = f"{name} is not a whole number of at most ten digits"
        _refuse(problem, given[name], instead=f"Write a number, such as {name}={example}.")
    return int(given[name])


def _read_durations(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    if name not in given:
        return ()
    return tuple(_read_duration(name, duration) for duration in given[name].split("_"))


def _read_frequency(given: Mapping[str, str]) -> str | None:
    name = "SubscriptionFrequency"
    return _read_duration(name, given[name]) if name in given else None


def _read_duration(name: str, text: str) -> str:
    if _NUMBER.fullmatch(text):
        return str(int(text))
    if text.lower() not in _FREQUENCY_IN_LOWER_CASE:
        instead = f"Write a number of at most ten digits, or one of {', '.join(_FREQUENCIES)}."
        _refuse(f"{name} is neither a number nor a named frequency", text, instead=instead)
    return _FREQUENCY_IN_LOWER_CASE[text.lower()]


def _read_bulk_id(text: str) -> str:
    if not _BULK_ID.fullmatch(text):
        _refuse("BR is not a bulk id", text, instead="Write letters, digits and hyphens, such as BR=1.")
    return text


def _read_options(text: str) -> dict[str, Any]:  # Any: as in _read_fields
    unknown, known = _split_options(text)
    _refuse_repetition([name for name, _ in known])
    given = dict(known)
    historical, ongoing = given.get("historical"), given.get("ongoing")
    return {
        "no_edit": "noedit" in given,
        "all_meters": _read_meters(given),
        "historical_from": _read_date("historical", historical),
        "no_historical": historical == "none",
        "ongoing_until": _read_date("ongoing", ongoing),
        "no_ongoing": ongoing == "none",
        "scope_of_use": _read_scope_of_use(given),
        "authentication": _read_authentication(given["auth"]) if "auth" in given else None,
        "other_options": unknown,
    }


def _split_options(text: str) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
    """Unknown options, which can only stand first, and the known ones as name and value."""
    if not text:
        return (), []
    unknown, *known = _SEAM.split(f"_{text}")
    options = unknown.split("_")[1:]
    for option in options:
        _refuse_odd_characters(option)
        if not option:
            _refuse("AdditionalScope has an empty option", text, instead="Write one underscore between two.")
    return tuple(options), [_read_option(option) for option in known]


def _read_option(option: str) -> tuple[str, str]:
    if not option.startswith("auth-"):
        _refuse_odd_characters(option)
    if option.startswith("noedit_"):
        instead = "Write noedit alone or followed by meters-, historical-, ongoing-, sou- or auth-."
        _refuse("AdditionalScope has an unknown option after noedit", option, instead=instead)
    name, _, value = option.partition("-")
    return name, value


def _read_meters(given: Mapping[str, str]) -> bool:
    choice = given.get("meters", "all")
    if choice != "all":
        problem = "AdditionalScope has an unknown choice of meters"
        _refuse(problem, f"meters-{choice}", instead="Write meters-all, or leave it out.")
    return "meters" in given


def _read_date(name: str, text: str | None) -> date | None:
    if text is None or text == "none":
        return None
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        instead = f"Write {name}-YYYY-MM-DD with a day of the calendar, or {name}-none."
        _refuse(f"AdditionalScope has no date after {name}-", f"{name}-{text}", instead=instead)
    return day


def _read_scope_of_use(given: Mapping[str, str]) -> str | None:
    if given.get("sou") == "":
        instead = "Write the id of a scope of use, such as sou-default."
        _refuse("AdditionalScope has no id after sou-", "sou-", instead=instead)
    return given.get("sou")


def _read_authentication(text: str) -> Authentication:
    way, _, encoded = text.partition("-")
    if way not in WAYS:
        instead = f"Write auth- followed by one of {', '.join(WAYS)}."
        _refuse("AdditionalScope has an unknown way to authenticate", f"auth-{text}", instead=instead)
    value = _decode(encoded, option=f"auth-{text}")
    if way == "sso" and value:
        problem = "AdditionalScope has a value after auth-sso, which takes none"
        _refuse(problem, f"auth-{text}", instead="Write auth-sso.")
    if way == "phone":  # a + that the client did not percent-encode arrives as a space
        value = value.strip()
    return Authentication(way=way, value=value or None)


def _decode(encoded: str, *, option: str) -> str:
    try:
        value = unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        instead = "Percent-encode the value as UTF-8, such as auth-email-joe%40example.com."
        _refuse("AdditionalScope has an auth value that is not UTF-8", option, instead=instead)
    _refuse_control_characters(value, part=option)
    return value


def _refuse_repetition(names: Sequence[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            _refuse(f"The scope says the same thing {times} times", name, instead="Write it once.")


def _refuse_control_characters(text: str, *, part: str) -> None:
    if found := _CONTROL.search(text):
        problem = f"A part of the scope contains a control character (U+{ord(found[0]):04X})"
        _refuse(problem, part, instead="Write visible characters only.")


def _refuse_odd_characters(text: str) -> None:
    found = _OUTSIDE_TOKEN.search(text)
    if found is None:
        return
    if found[0] == " ":
        instead = "Write one scope with its parts joined by semicolons, and %20 for a space in an auth value."
        _refuse("A space separates OAuth scopes, and only one can be asked for", text, instead=instead)
    problem = f"A part of the scope contains a character that OAuth does not allow (U+{ord(found[0]):04X})"
    instead = "Write ASCII without quotation marks and backslashes, and percent-encode an auth value."
    _refuse(problem, text, instead=instead)


def _refuse(problem: str, received: str, *, instead: str) -> NoReturn:
    message = f"{problem}: '{_shown(received)}'. {instead}"
    # The certification suite takes this text for an authorization code wherever it stands (espi.md §4.2).
    raise InvalidScope(message.replace("code=", "code ="))


def _shown(text: str) -> str:
    short = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    return _OUTSIDE_DESCRIPTION.sub("?", short)
