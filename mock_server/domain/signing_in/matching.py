"""Normal forms of what customers enter, so that spelling does not matter when it is compared with what is on file.

Each `normal_…` returns one canonical form, or None if the text cannot be such a value at all.
"""

import re
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
    """An account number without surrounding space. Its dashes are part of it."""
    return _printable(text)


def normal_phone(text: str) -> str | None:
    """A phone number in E.164. Ten digits are a North American number without its country code."""
    entered = _printable(text)
    if entered is None or not re.fullmatch(r"\+?[0-9 ().\-]+", entered):
        return None
    digits = re.sub(r"[^0-9]", "", entered)
    if len(digits) == 10 and not entered.startswith("+"):
        digits = "1" + digits
    return f"+{digits}" if 11 <= len(digits) <= 15 else None


def normal_email(text: str) -> str | None:
    """An email address in lower case. It must have one @ with something on both sides."""
    entered = _printable(text)
    if entered is None or not re.fullmatch(r"[^@\s]+@[^@\s]+", entered):
        return None
    return entered.casefold()


def normal_address(text: str) -> str | None:
    """An address in upper case, without punctuation, with street words in their postal abbreviation."""
    entered = _printable(text)
    if entered is None:
        return None
    words = re.findall(r"[^\W_]+", entered.upper())
    return " ".join(_STREET_WORDS.get(word, word) for word in words) or None


def normal_amount(text: str) -> Decimal | None:
    """An amount in dollars, written as 100, 100.00, $100.00 or 1,234.50."""
    entered = _printable(text)
    if entered is None or not re.fullmatch(r"\$?\s*[0-9][0-9,]{0,12}(\.[0-9]{1,2})?", entered, re.ASCII):
        return None
    try:
        return Decimal(re.sub(r"[$,\s]", "", entered))
    except InvalidOperation:
        return None


def normal_date(text: str) -> date | None:
    """A date in ISO (2022-01-31) or US (1/31/2022) form."""
    entered = _printable(text)
    if entered is None:
        return None
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(entered, form).date()  # noqa: DTZ007  a bill's date has no zone
        except ValueError:
            continue
    return None


def _printable(text: str) -> str | None:
    """The text without surrounding space; None if it is empty, too long or not printable."""
    entered = text.strip()
    return entered if 0 < len(entered) <= MOST_CHARACTERS and entered.isprintable() else None
