"""Parses AdditionalScope: options joined by underscores, which may also occur in an auth value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import unquote

from mock_server.domain.oauth.scopes.errors import (
    check_token_characters,
    check_unique,
    check_visible,
    refuse,
)
from mock_server.domain.signing_in import all_ways, find_way

SEPARATOR: Final = re.compile(r"_(?=noedit(?:_|\Z)|(?:meters|historical|ongoing|sou|auth)-)")
"""An underscore that separates options: a known option follows it."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, kw_only=True)
class Authentication:
    """How the client wants the customer to sign in: `auth-{way}[-{value}]`, with the value decoded.

    Without a value the customer enters it. Validated as part of its Scope.
    """

    way: str
    value: str | None = None


def read_options(text: str) -> dict[str, Any]:  # Any: the fields of Scope by name, each with its own type
    """Returns the fields of a Scope that AdditionalScope sets. Raises InvalidScope."""
    unknown, known = _split_options(text)
    check_unique([name for name, _ in known])
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
    """Returns unknown options, which must come first, and the known ones as pairs of name and value."""
    if not text:
        return (), []
    unknown, *known = SEPARATOR.split(f"_{text}")
    options = unknown.split("_")[1:]
    for option in options:
        check_token_characters(option)
        if not option:
            refuse(
                "AdditionalScope has an empty option", text, instead="Write one underscore between options."
            )
    return tuple(options), [_read_option(option) for option in known]


def _read_option(option: str) -> tuple[str, str]:
    if not option.startswith("auth-"):
        check_token_characters(option)
    if option.startswith("noedit_"):
        instead = "Write noedit alone or followed by meters-, historical-, ongoing-, sou- or auth-."
        refuse("AdditionalScope has an unknown option after noedit", option, instead=instead)
    name, _, value = option.partition("-")
    return name, value


def _read_meters(given: Mapping[str, str]) -> bool:
    choice = given.get("meters", "all")
    if choice != "all":
        problem = "AdditionalScope has an unknown choice of meters"
        refuse(problem, f"meters-{choice}", instead="Write meters-all, or omit it.")
    return "meters" in given


def _read_date(name: str, text: str | None) -> date | None:
    if text is None or text == "none":
        return None
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        instead = f"Write {name}-YYYY-MM-DD with a date that exists, or {name}-none."
        refuse(f"AdditionalScope has no date after {name}-", f"{name}-{text}", instead=instead)
    return day


def _read_scope_of_use(given: Mapping[str, str]) -> str | None:
    if given.get("sou") == "":
        instead = "Write the id of a scope of use, such as sou-default."
        refuse("AdditionalScope has no id after sou-", "sou-", instead=instead)
    return given.get("sou")


def _read_authentication(text: str) -> Authentication:
    name, _, encoded = text.partition("-")
    way = find_way(name)
    if way is None:
        instead = f"Write auth- followed by one of {', '.join(way.name for way in all_ways())}."
        refuse("AdditionalScope has an unknown way to authenticate", f"auth-{text}", instead=instead)
    value = _decode(encoded, option=f"auth-{text}")
    if value and not way.takes_value:
        problem = f"AdditionalScope has a value after auth-{name}, which takes none"
        refuse(problem, f"auth-{text}", instead=f"Write auth-{name}.")
    return Authentication(way=name, value=way.clean_value(value) or None)


def _decode(encoded: str, *, option: str) -> str:
    try:
        value = unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        instead = "Percent-encode the value as UTF-8, such as auth-email-joe%40example.com."
        refuse("AdditionalScope has an auth value that is not UTF-8", option, instead=instead)
    check_visible(value, part=option)
    return value
