"""Mix-up: an answer of one authorization server taken for another's (RFC 9700 §4.4, RFC 9207)."""

import httpx
import pytest

from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.oauth.calls import METADATA
from tests.pages.visitor import Visitor, answer_of
from tests.support import BASE


def test_each_sandbox_is_an_issuer_of_its_own(http: httpx.Client) -> None:
    for issuer in (BASE, f"{BASE}/~other"):
        result = http.get(METADATA + issuer.removeprefix(BASE)).json()
        assert result["issuer"] == issuer
        ends = [value for name, value in result.items() if name.endswith("_endpoint")]
        assert ends
        assert all(end.startswith(issuer + "/DataCustodian/") for end in ends)


class TestWithTheIssuer:
    """`--issuer-in-response`: the answer says whose it is."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "issuer_in_response": True})

    def test_an_answer_names_its_issuer(self, sandbox: Sandbox) -> None:
        visitor = Visitor.arrives(sandbox)
        assert answer_of(visitor.sends(decision="approve").page)["iss"] == BASE

    def test_a_refusal_names_its_issuer(self, sandbox: Sandbox) -> None:
        assert answer_of(Visitor.arrives(sandbox, response_type="token").page)["iss"] == BASE
