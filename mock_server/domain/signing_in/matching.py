"""How what a customer types is compared with what is on file: spelling is forgiven, identity is not.

Each `normal_…` gives one canonical form, or None where the text cannot be such a thing at all.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

MOST_CHARACTERS = 300

_STREET_WORDS = {
    "STREET": "ST",
    "AVENUE": "AVE",
    "ROAD": "RD",
    "DRIVE": "DR",
    "BOULEVARD": "BLVD",
    "LANE": "LN",
    "COURT": "CT",
    "BUILDING": "BLDG",
    "APARTMENT": "APT",
    "SUITE": "STE",
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
}
_DATE_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y")


def normal_account(text: str) -> str | None:
    """An account number without surrounding space; its dashes are part of it."""
    return _short(text)


def normal_phone(text: str) -> str | None:
    """E.164: ten digits are a North American number without its country code."""
    kept = _short(text)
    if kept is None or not re.fullmatch(r"\+?[0-9 ().\-]+", kept):
        return None
    digits = re.sub(r"[^0-9]", "", kept)
    if len(digits) == 10 and not kept.startswith("+"):
        digits = "1" + digits
    return f"+{digits}" if 11 <= len(digits) <= 15 else None


def normal_email(text: str) -> str | None:
    """Lower case; it must have one @ with something on both sides."""
    kept = _short(text)
    if kept is None or not re.fullmatch(r"[^@\s]+@[^@\s]+", kept):
        return None
    return kept.casefold()


def normal_address(text: str) -> str | None:
    """Upper case, punctuation and runs of space folded, street words in their postal abbreviation."""
    kept = _short(text)
    if kept is None:
        return None
    words = re.findall(r"[^\W_]+", kept.upper())
    return " ".join(_STREET_WORDS.get(word, word) for word in words) or None


def normal_amount(text: str) -> Decimal | None:
    """Dollars: 100, 100.00, $100.00 and 1,234.50 are understood."""
    kept = _short(text)
    if kept is None or not re.fullmatch(r"\$?\s*[0-9][0-9,]{0,12}(\.[0-9]{1,2})?", kept, re.ASCII):
        return None
    try:
        return Decimal(re.sub(r"[$,\s]", "", kept))
    except InvalidOperation:
        return None


def normal_date(text: str) -> date | None:
    """ISO (2022-01-31) or US (1/31/2022) form."""
    kept = _short(text)
    if kept is None:
        return None
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(kept, form).date()  # noqa: DTZ007  a bill's date has no zone
        except ValueError:
            continue
    return None


def _short(text: str) -> str | None:
    kept = text.strip()
    return kept if 0 < len(kept) <= MOST_CHARACTERS and kept.isprintable() else None


NORMAL_FORMS: Mapping[str, Callable[[str], str | None]] = {
    "account": normal_account,
    "phone": normal_phone,
    "email": normal_email,
    "address": normal_address,
}
