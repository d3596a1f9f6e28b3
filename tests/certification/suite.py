"""The certification suite's way of asking: parameters in the query of a POST, only host and path of addresses kept."""

import os
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from lxml import etree

from mock_server.espi.check.check import check_document
from mock_server.espi.check.schema import load_schema
from tests.espi.documents import ATOM, ESPI, parse
from tests.support import CALLBACK, Third

TOKEN = "/DataCustodian/oauth/token"
R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51;HistoryLength=4000000;AdditionalScope=auth-test-test_residential"
CERTIFICATES = "https://cert.greenbuttonalliance.org/certificate/"
OTHER_TOKENS = {"registration": "R", "client": "C", "access": "A", "none": ""}


@dataclass
class Suite:
    """One run of the suite against one client: its three tokens, each fetched over HTTP when first asked for."""

    third: Third
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def basic(self, client_id: str | None = None, *, secret: str | None = None) -> dict[str, str]:
        """HTTP Basic credentials of the client."""
        result = f"{client_id or self.third.client_id}:{secret or self.third.client.secret}"
        return {"Authorization": "Basic " + b64encode(result.encode()).decode()}

    def post(self, query: str, client_id: str | None = None) -> httpx.Response:
        """A token request as the suite makes it: everything in the query, nothing percent-encoded, no body."""
        headers = {**self.basic(client_id), "Content-Type": "application/xml"}
        return self.third.http.post(f"{TOKEN}?{query}", headers=headers)

    def answer(self, token_class: str) -> dict[str, Any]:
        """The token endpoint's answer with a token of a class."""
        if token_class not in self.answers:
            answer = self.post(self._request(token_class))
            assert answer.status_code == 200, answer.text
            self.answers[token_class] = answer.json()
        return self.answers[token_class]

    def _request(self, token_class: str) -> str:
        if token_class == "registration":
            return "grant_type=client_credentials&scope=FB=36_40"
        if token_class == "client":
            return "grant_type=client_credentials&scope=FB=4_5_15;IntervalDuration=3600;BlockDuration=monthly"
        code = self.third.approval(scope=SCOPE).code
        return f"grant_type=authorization_code&code={code}&redirect_uri={CALLBACK}"

    def bearer(self, token_class: str) -> dict[str, str]:
        """The Authorization header with a token of a class; none at all for `none`."""
        if token_class == "none":
            return {}
        return {"Authorization": f"Bearer {self.answer(token_class)['access_token']}"}

    def get(self, address: str, token_class: str) -> httpx.Response:
        """GET a URI of an answer with a token of a class."""
        headers = {**self.bearer(token_class), "Accept": "application/atom+xml"}
        return self.third.http.get(path_of(address), headers=headers)

    @property
    def addresses(self) -> dict[str, str]:
        """Where the resources are, as the token answers say."""
        return {
            "application": self.answer("registration")["resourceURI"],
            "authorizations": f"{R}/Authorization/",
            "authorization": self.answer("access")["authorizationURI"],
            "batch": self.answer("access")["resourceURI"],
            "status": f"{R}/ReadServiceStatus",
        }


def path_of(address: str) -> str:
    """What the suite's proxy keeps of an address; it drops queries."""
    return urlsplit(address).path


@cache
def schema() -> etree.XMLSchema | None:
    """The ESPI schemas, where the machine has them."""
    folder = Path(os.environ.get("ESPI_SCHEMA_DIR", "../shared/reference/xsd"))
    return load_schema(folder) if (folder / "atom.xsd").is_file() else None


def valid(answer: httpx.Response) -> etree._Element:
    """The document of an answer: 200, by our own rules and by the schema, where there is one."""
    assert answer.status_code == 200, answer.text
    report = check_document([answer.content], schema=schema())
    assert [
        (one.rule.id, one.place, one.message) for one in report.findings if one.rule.severity == "error"
    ] == []
    return parse(answer.content)


def text(root: etree._Element, name: str) -> str | None:
    """The text of the first ESPI element of that name, None where there is none."""
    found = next(root.iter(f"{ESPI}{name}"), None)
    return None if found is None else found.text or ""


def certificates(root: etree._Element) -> list[str]:
    """What the certification links of a document lead to."""
    links = [link for link in root.iter(f"{ATOM}link") if link.get("rel") == "related"]
    return [str(link.get("href")) for link in links if str(link.get("href")).startswith(CERTIFICATES)]
