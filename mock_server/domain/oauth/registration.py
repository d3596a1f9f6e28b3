"""Validation rules for the registration of a third party (utilityapi.md §4), one per field.

Server and browser share them: Python and the `pattern` attribute of an input read the patterns alike.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Rule:
    """The pattern and maximum length of a field, and the error message for a value that does not match."""

    name: str
    pattern: str
    longest: int
    sentence: str
    is_optional: bool = False


_MIN_STATEMENT: Final = 20
_MIN_PASSWORD: Final = 10
_SOME_TEXT: Final = r"[\s\S]*\S[\s\S]*"
_WEB: Final = r"https?:\/\/[^\s\/?#]+[^\s#]*"

RULES: Final = (
    Rule(name="first_name", pattern=_SOME_TEXT, longest=100, sentence="Enter your first name."),
    Rule(name="last_name", pattern=_SOME_TEXT, longest=100, sentence="Enter your last name."),
    Rule(
        name="email",
        pattern=r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*",
        longest=254,
        sentence="Enter an email address, such as you@company.com.",
    ),
    Rule(name="company_name", pattern=_SOME_TEXT, longest=200, sentence="Enter your company's name."),
    Rule(
        name="website",
        pattern=rf"\s*{_WEB}\s*",
        longest=2000,
        sentence="Enter a web address with http:// or https://, such as https://company.com/.",
    ),
    Rule(name="title", pattern=_SOME_TEXT, longest=200, sentence="Enter a title."),
    Rule(
        name="scope_of_use",
        pattern=rf"\s*\S[\s\S]{{{_MIN_STATEMENT - 2},}}\S\s*",
        longest=4000,
        sentence=f"Tell customers how you use their data, in at least {_MIN_STATEMENT} characters.",
    ),
    Rule(
        name="terms_url",
        pattern=rf"\s*{_WEB}\s*",
        longest=2000,
        sentence="Enter a web address with http:// or https://, or leave this empty.",
        is_optional=True,
    ),
    Rule(
        name="password",
        pattern=rf"[\s\S]{{{_MIN_PASSWORD},}}",
        longest=200,
        sentence=f"Choose a password of at least {_MIN_PASSWORD} characters.",
    ),
)
_BY_NAME: Final = {rule.name: rule for rule in RULES}
_NOT_AT_REGISTRATION: Final = ("title",)
TWICE: Final = "The passwords do not match. Enter the same password twice."
AGREE: Final = "You must agree to the data services agreement to register."


def mistakes_in(answers: Mapping[str, str]) -> dict[str, str]:
    """Returns an error message for each invalid field. A missing answer counts as empty."""
    mistakes = {
        rule.name: mistake
        for rule in RULES
        if rule.name not in _NOT_AT_REGISTRATION
        and (mistake := mistake_in(rule.name, answers.get(rule.name, "")))
    }
    if "password" not in mistakes and answers.get("password_again", "") != answers["password"]:
        mistakes["password_again"] = TWICE
    if answers.get("agreed") != "yes":
        mistakes["agreed"] = AGREE
    return mistakes


def mistake_in(name: str, value: str) -> str | None:
    """Returns an error message for an invalid value of that field; None if it is valid."""
    rule = _BY_NAME[name]
    if not value.strip() and rule.is_optional:
        return None
    if len(value) > rule.longest:
        return f"Enter at most {rule.longest:,} characters."
    if not all(char.isprintable() or char in "\r\n\t" for char in value):
        return "This contains unprintable characters. Type it again."
    return None if re.fullmatch(rule.pattern, value) else rule.sentence
