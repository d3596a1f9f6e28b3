"""What describes a way to sign in: its name in scopes, its form, and how it finds a customer. Knows no database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mock_server.domain.records import Customer

Answers: TypeAlias = Mapping[str, str]
"""What a customer enters, by the name of the field."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One input of the sign-in form; `type`, `autocomplete` and `inputmode` are HTML's attributes."""

    name: str
    label: str
    hint: str = ""
    type: str = "text"
    autocomplete: str = "off"
    inputmode: str = "text"


@dataclass(frozen=True, kw_only=True)
class LookUpKey:
    """A fact that finds customers. The store keeps its normalised values in the table of look-ups.

    `normalize` returns None for a text that cannot be such a fact. `values` lists a customer's values, as stored in
    the customer's record.
    """

    name: str
    normalize: Callable[[str], str | None]
    values: Callable[[Customer], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to sign in.

    `name` is the word after `auth-` in a scope, `label` the name in lists. A way without `fields` leaves the pages for
    the utility's login provider. The first field takes the value of a scope's `auth-{name}-{value}`, after
    `clean_value`. Its text finds the customer by `look_up_key`, or by id if there is no key. `verify` compares the
    other answers with the customer that was found; wrong answers count as guesses. If `needs_code`, others may know the
    answers too, so a one-time code follows. `example` returns what a test customer would enter; None if the way does
    not suit that customer.
    """

    name: str
    label: str
    title: str
    lead: str
    not_found: str
    example: Callable[[Customer], Answers | None]
    fields: tuple[Field, ...] = ()
    look_up_key: LookUpKey | None = None
    verify: Callable[[Customer, Answers], bool] | None = None
    needs_code: bool = False
    clean_value: Callable[[str], str] = str

    @property
    def takes_value(self) -> bool:
        """Whether a scope may carry a value for it."""
        return bool(self.fields)

    def answers_from(self, value: str) -> Answers:
        """The answers that a scope's value stands for."""
        return {self.fields[0].name: value}

    def value_for(self, customer: Customer) -> str | None:
        """The value with which a scope names this customer; None if the way takes no value or does not suit them."""
        answers = self.example(customer) if self.fields else None
        return answers[self.fields[0].name] if answers else None
