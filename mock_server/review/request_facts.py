"""What a request contains, recorded or just received: its kind of URL and its parameters."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import unquote_plus

from mock_server.domain.errors import InvalidRequest
from mock_server.domain.text.parameters import Parameters, parameters_of, parse_parameters

Kind: TypeAlias = Literal["authorize", "token", "read", "other"]
NOTHING = Parameters({})
_PART = re.compile(r'name="([^"]+)"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n([^\r\n]*)')
_RESOURCES = ("/DataCustodian/espi/", "/api/v2/")


@dataclass(frozen=True, kw_only=True)
class RequestFacts:
    """A request's parameters, those of the query and those of the form apart."""

    kind: Kind
    query: Parameters
    form: Parameters = NOTHING

    def raw(self, name: str) -> str | None:
        """A parameter as it stood on the wire, the form's before the query's."""
        for parameters in (self.form, self.query):
            if parameters.on_wire.get(name):
                return parameters.on_wire[name][0]
        return None

    def value(self, name: str) -> str | None:
        """The same decoded; None where it is missing or empty."""
        return unquote_plus(self.raw(name) or "") or None


def kind_of(path: str, query: Parameters = NOTHING) -> Kind:
    """Which kind of address that is. A pushed request counts as the authorize request that it stands for (RFC 9126)."""
    plain = path.rstrip("/")
    if plain.endswith("/oauth/par"):
        return "authorize"
    if plain.endswith("/oauth/authorize"):
        return "other" if "request_uri" in query.on_wire else "authorize"
    if plain.endswith("/oauth/token"):
        return "token"
    return "read" if path.startswith(_RESOURCES) else "other"


def read_text(content_type: str, text: str) -> Parameters:
    """The parameters of a body as far as it can be read: urlencoded, or multipart."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return read_query(text)
    if content_type.startswith("multipart/form-data"):
        return parameters_of(_PART.findall(text))
    return NOTHING


def read_query(text: str) -> Parameters:
    """The parameters of a query; none where there are more than any client sends."""
    try:
        return parse_parameters(text.encode("latin-1", "replace"))
    except InvalidRequest:
        return NOTHING
