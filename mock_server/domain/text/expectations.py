"""What was expected where a value does not fit, in plain words: the validators' own are for programmers."""

from collections.abc import Mapping
from typing import Any

from mock_server.domain.signing_in import account_numbers
from mock_server.domain.text.storable_text import SANDBOX_NAME, SNAPSHOT_NAME

INSTANT = "it must be an instant with its offset from UTC, such as 2026-01-31T12:00:00Z"
DURATION = "it must be a duration such as PT1H, P40D or 40d"

_NAMES = {
    f"^{SANDBOX_NAME}$": "1 to 40 letters, digits and hyphens",
    f"^{account_numbers.PATTERN}$": account_numbers.EXPECTATION,
    f"^{SNAPSHOT_NAME}$": "1 to 40 letters, digits, hyphens, underscores and dots, and no dot at its beginning",
}
"""What names consist of, by their patterns, which are for programs."""

# A validator's name for a mistake begins with one of these; the first that fits counts.
_WORDS = (
    ("missing", "it is missing"),
    ("extra_forbidden", "there is no such field"),
    ("unexpected_keyword", "there is no such field"),
    ("string_too_short", "it must have {min_length} characters or more"),
    ("string_too_long", "it must have {max_length} characters or fewer"),
    ("string_pattern", "it must look like {pattern}"),
    ("string_unicode", "it holds characters that are none"),
    ("string", "it must be text"),
    ("int", "it must be a whole number"),
    ("float", "it must be a number"),
    ("finite_number", "it must be a number that is finite"),
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
    ("json_invalid", "it is no JSON ({error})"),
)


def expectation(mistake: Mapping[str, Any]) -> str:
    """The end of a sentence about a mistake as pydantic tells it: `type`, `msg` and `ctx`."""
    kind, context = str(mistake["type"]), mistake.get("ctx", {})
    if kind == "string_pattern_mismatch" and context["pattern"] in _NAMES:
        return f"it must have {_NAMES[context['pattern']]}"
    for beginning, words in _WORDS:
        if kind.startswith(beginning):
            return words.format(**context)
    told = str(mistake["msg"]).removeprefix("Value error, ").rstrip(".")
    return told[:1].lower() + told[1:] if told.startswith("Input should") else told


def place_of(mistake: Mapping[str, Any], *, but: tuple[str, ...] = ()) -> str:
    """Where it is, such as `services.0.kind`."""
    return ".".join(str(part) for part in mistake["loc"] if part not in but)
