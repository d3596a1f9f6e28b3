"""What a way to sign in is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mock_server.domain.records import Customer
from mock_server.sandbox import Sandbox

Answers: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form."""

    name: str
    label: str
    hint: str = ""
    type: str = "text"
    autocomplete: str = "off"
    inputmode: str = "text"


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way to sign in.

    `name` is its word in the scope string; the first field is the one that a scope's value fills in. `find`
    gets an answer for each field. `persona` gives a test customer's answers, None for whom it does not suit.
    """

    name: str
    title: str
    lead: str
    fields: tuple[Field, ...]
    find: Callable[[Sandbox, Answers], Customer | None]
    persona: Callable[[Customer], Answers | None]
    not_found: str
    prefill_is_enough: bool = True
    knows: Callable[[Sandbox, str], bool] | None = None

    def answers_from(self, value: str) -> Answers:
        """The answers that a scope's value stands for."""
        return {self.fields[0].name: value}
