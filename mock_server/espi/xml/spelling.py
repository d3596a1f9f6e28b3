"""Creates payload elements with the right namespace, prefix and valid XML text."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from lxml import etree

from mock_server.domain.time.periods import Span

Element: TypeAlias = etree._Element
Content: TypeAlias = Element | str | int | None

# The complement of Char (XML 1.0 §2.2). A scope contains whatever the client sent.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Family:
    """One of the two schemas. Its prefix also begins link types (`espi-entry/UsagePoint`)."""

    namespace: str
    prefix: str


USAGE: Final = Family("http://naesb.org/espi", "espi")
CUSTOMER: Final = Family("http://naesb.org/espi/customer", "cust")


@dataclass(frozen=True)
class Spelling:
    """Creates elements of one family, with a literal prefix or in the default namespace."""

    family: Family
    is_prefixed: bool

    @property
    def declared(self) -> dict[str | None, str]:
        """The namespace declaration of the elements."""
        return {self.family.prefix if self.is_prefixed else None: self.family.namespace}

    def __call__(self, name: str, *content: Content) -> Element:
        """An element with children or text. None is omitted."""
        tag = f"{{{self.family.namespace}}}{name}"
        element = etree.Element(tag, nsmap=self.declared)  # type: ignore[arg-type]  # the key None is allowed
        for part in content:
            if isinstance(part, Element):
                element.append(part)
            elif part is not None:
                element.text = clean(str(part))
        return element

    def optional(self, name: str, value: str | int | None) -> Element | None:
        """An element, or None if there is no value."""
        return None if value is None else self(name, value)


def clean(text: str) -> str:
    """The text, with U+FFFD for each character that XML does not allow."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def epoch(instant: datetime) -> int:
    """TimeType: seconds since 1970."""
    return round(instant.timestamp())


def period(make: Spelling, name: str, span: Span) -> Element:
    """DateTimeInterval: duration first, then start."""
    return make(name, make("duration", span.seconds), make("start", epoch(span.start)))
