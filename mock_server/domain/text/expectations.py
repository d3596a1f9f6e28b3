"""Describes validation errors in plain words, because those of pydantic are for programmers."""

from collections.abc import Mapping
from typing import Any

from mock_server.domain.signing_in import account_numbers
from mock_server.domain.text.storable_text import SANDBOX_NAME, SNAPSHOT_NAME

INSTANT = "it must be a timestamp with a UTC offset, such as 2026-01-31T12:00:00Z"
DURATION = "it must be a duration such as PT1H, P40D or 40d"

_NAME_RULES = {
    f"^{SANDBOX_NAME}$": "1 to 40 letters, digits and hyphens",
    f"^{account_numbers.PATTERN}$": account_numbers.EXPECTATION,
    f"^{SNAPSHOT_NAME}$": "1 to 40 letters, digits, hyphens, underscores and dots, and must not start with a dot",
}
"""Descriptions of name patterns, by pattern."""

# Descriptions by the beginning of pydantic's error type. The first match applies.
_DESCRIPTIONS = (
    ("missing", "it is missing"),
    ("extra_forbidden", "there is no such field"),
    ("unexpected_keyword", "there is no such field"),
    ("string_too_short", "it must have {min_length} characters or more"),
    ("string_too_long", "it must have {max_length} characters or fewer"),
    ("string_pattern", "it must look like {pattern}"),
    ("string_unicode", "it contains invalid characters"),
    ("string", "it must be text"),
    ("int", "it must be a whole number"),
    ("float", "it must be a number"),
    ("finite_number", "it must be a finite number"),
    ("decimal_max_places", "it must have {decimal_places} decimal places or fewer"),
    ("decimal", "it must be a decimal number such as 1.50"),
    ("bool", "it must be true or false"),
    ("datetime", INSTANT),
    ("timezone", INSTANT),
    ("date", "it must be a date such as 2026-01-31"),
    ("time_delta", DURATION),
    ("literal", "it must be {expected}"),
    ("enum", "it must be {expected}"),
    ("greater_than_equal", "it must be {ge} or more"),
    ("greater_than", "it must be more than {gt}"),
    ("less_than_equal", "it must be {le} or less"),
    ("less_than", "it must be less than {lt}"),
    ("too_short", "it must have {min_length} items or more"),
    ("too_long", "it must have {max_length} items or fewer"),
    ("list", "it must be a list"),
    ("tuple", "it must be a list"),
    ("dict", "it must be an object"),
    ("model", "it must be an object"),
    ("dataclass", "it must be an object"),
    ("json_invalid", "it is not valid JSON ({error})"),
)


def expectation(mistake: Mapping[str, Any]) -> str:
    """Returns the end of a sentence about a pydantic error with `type`, `msg` and perhaps `ctx`."""
    kind, context = str(mistake["type"]), mistake.get("ctx", {})
    if kind == "string_pattern_mismatch" and context["pattern"] in _NAME_RULES:
        return f"it must have {_NAME_RULES[context['pattern']]}"
    for beginning, description in _DESCRIPTIONS:
        if kind.startswith(beginning):
            return description.format(**context)
    message = str(mistake["msg"]).removeprefix("Value error, ").rstrip(".")
    return message[:1].lower() + message[1:] if message.startswith("Input should") else message


def place_of(mistake: Mapping[str, Any], *, but: tuple[str, ...] = ()) -> str:
    """Returns the path of the invalid field, such as `services.0.kind`, without the parts in `but`."""
    return ".".join(str(part) for part in mistake["loc"] if part not in but)
