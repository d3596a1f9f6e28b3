"""What a third party must say to register (utilityapi.md §4): one rule a field, for the server and for a browser.

A pattern is a regular expression that Python and browsers (the `pattern` of an input) understand alike.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How the value of a field must look, and the sentence for one that does not."""

    name: str
    pattern: str
    longest: int
    sentence: str
    is_optional: bool = False


_SOME_TEXT: Final = r"[\s\S]*\S[\s\S]*"
_WEB: Final = r"https?:\/\/[^\s\/?#]+[^\s#]*"

RULES: Final = (
    Rule(name="first_name", pattern=_SOME_TEXT, longest=100, sentence="Enter your first name."),
    Rule(name="last_name", pattern=_SOME_TEXT, longest=100, sentence="Enter your last name."),
    Rule(
        name="email",
        pattern=r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*",
        longest=254,
        sentence="Enter an e-mail address, such as you@company.com.",
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
        pattern=r"\s*\S[\s\S]{18,}\S\s*",
        longest=4000,
        sentence="Tell customers in a sentence or more, at least 20 characters, what you do with their data.",
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
        pattern=r"[\s\S]{10,}",
        longest=200,
        sentence="Choose a password of at least 10 characters.",
    ),
)
_BY_NAME: Final = {rule.name: rule for rule in RULES}
_ASKED_LATER: Final = ("title",)
TWICE: Final = "The two passwords differ. Enter the same one twice."
AGREE: Final = "Agree to the data services agreement to register."


def mistakes_in(answers: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each field whose answer will not do; empty if all will. A missing answer counts as empty."""
    found = {
        rule.name: mistake
        for rule in RULES
        if rule.name not in _ASKED_LATER and (mistake := mistake_in(rule.name, answers.get(rule.name, "")))
    }
    if "password" not in found and answers.get("password_again", "") != answers["password"]:
        found["password_again"] = TWICE
    if answers.get("agreed") != "yes":
        found["agreed"] = AGREE
    return found


def mistake_in(name: str, value: str) -> str | None:
    """A sentence for an answer to that field that will not do."""
    rule = _BY_NAME[name]
    if not value.strip() and rule.is_optional:
        return None
    if len(value) > rule.longest:
        return f"Enter at most {rule.longest:,} characters."
    if not all(char.isprintable() or char in "\r\n\t" for char in value):
        return "This holds characters that cannot be shown. Type it again."
    return None if re.fullmatch(rule.pattern, value) else rule.sentence
