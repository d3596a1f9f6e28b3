"""Parses a scope string: parameters joined by semicolons. AdditionalScope has options of its own."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mock_server.domain.oauth.scopes.errors import (
    check_token_characters,
    check_unique,
    check_visible,
    refuse,
)
from mock_server.domain.oauth.scopes.options import read_options

_LONGEST: Final = 2_000
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
FREQUENCIES: Final = ("billingPeriod", "daily", "monthly", "seasonal", "weekly")
_FREQUENCY_IN_LOWER_CASE: Final = {name.lower(): name for name in FREQUENCIES}

_BLOCK_LIST: Final = re.compile(r"0{0,3}[1-9][0-9]{0,3}(?:_0{0,3}[1-9][0-9]{0,3})*")
_NUMBER: Final = re.compile(r"[0-9]{1,10}")  # enough for seconds until the year 2286; rejects milliseconds
_BULK_ID: Final = re.compile(r"[0-9A-Za-z-]+")


def read_fields(text: str) -> dict[str, Any]:  # Any: the fields of Scope by name, each with its own type
    """Returns the fields of a Scope from a scope string (RFC 6749 §3.3). Raises InvalidScope."""
    if len(text) > _LONGEST:
        problem = f"The scope is {len(text)} characters long, percent-encoding included"
        refuse(problem, text, instead=f"Write at most {_LONGEST} characters.")
    pairs = [_read_parameter(part) for part in text.split(";") if part]
    check_unique([name for name, _ in pairs if name != "BR"])
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
        **read_options(given.get("AdditionalScope", "")),
    }


def _read_parameter(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    name = _PARAMETER_IN_LOWER_CASE.get(name.lower(), name)
    check_visible(part, part=part)
    if name != "AdditionalScope":  # its options are checked one by one because an auth value may contain more
        check_token_characters(part)
    if not name or not equals:
        instead = "Write each part as Name=Value, starting with the function blocks, such as FB=4_16_51."
        refuse("A part of the scope is not a name and a value", part, instead=instead)
    return name, value


def _read_blocks(given: Mapping[str, str], text: str) -> tuple[int, ...]:
    instead = "Write function block numbers joined by underscores, such as FB=4_16_51."
    if "FB" not in given:
        refuse("The scope has no FB", text, instead=instead)
    if not _BLOCK_LIST.fullmatch(given["FB"]):
        refuse("FB is not a list of function block numbers", given["FB"], instead=instead)
    return tuple(dict.fromkeys(int(number) for number in given["FB"].split("_")))


def _read_number(given: Mapping[str, str], name: str, *, example: str) -> int | None:
    if name not in given:
        return None
    if not _NUMBER.fullmatch(given[name]):
        problem = f"{name} is not a whole number of at most ten digits"
        refuse(problem, given[name], instead=f"Write a number, such as {name}={example}.")
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
        instead = f"Write a number of at most ten digits, or one of {', '.join(FREQUENCIES)}."
        refuse(f"{name} is neither a number nor a named frequency", text, instead=instead)
    return _FREQUENCY_IN_LOWER_CASE[text.lower()]


def _read_bulk_id(text: str) -> str:
    if not _BULK_ID.fullmatch(text):
        refuse("BR is not a bulk id", text, instead="Write letters, digits and hyphens, such as BR=1.")
    return text
