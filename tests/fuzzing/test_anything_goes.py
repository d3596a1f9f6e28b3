"""Whatever the outside sends, the answer is never a 500: raw bytes, pieces of grammars, chains of calls.

Each operation from the inside is the matter of test_anything_inside.
"""

import http.client
import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.core import given

from mock_server.testing.server import MockServer, RegisteredClient
from tests.fuzzing.odd import pieces_of

# `make fuzz` asks for more, and for others each time.
AT_LENGTH = "FUZZ_EXAMPLES" in os.environ
FEW = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "40")),
    deadline=None,
    derandomize=not AT_LENGTH,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.filter_too_much,
        HealthCheck.too_slow,
    ],
)

PATIENT = pytest.mark.timeout(0 if AT_LENGTH else 600)


@pytest.fixture(scope="module")
def fuzzed_server() -> Iterator[MockServer]:
    """A server of its own: fuzzing moves its clock and ends its authorizations."""
    with MockServer() as server:
        yield server


@pytest.fixture(scope="module")
def wire(fuzzed_server: MockServer) -> Iterator[httpx.Client]:
    """One connection for all calls: opening one costs more than most of them."""
    with httpx.Client(base_url=fuzzed_server.url, timeout=30) as http:
        yield http


def test_every_parameter_of_a_path_is_described(wire: httpx.Client) -> None:
    """What is not, is fuzzed by nobody."""
    for path, methods in wire.get("/openapi.json").json()["paths"].items():
        for operation in methods.values():
            result = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
            assert result == set(re.findall(r"{(\w+)}", path)), path


@PATIENT
def test_no_chain_of_calls_ends_in_a_500(fuzzed_server: MockServer) -> None:
    """What one call answers goes into the next, along the links that the document implies."""
    complete = schemathesis.openapi.from_url(f"{fuzzed_server.url}/openapi.json")
    document = complete.exclude(path_regex="exchanges/wait|_mock/faults")  # they wait and fail as they should
    token = fuzzed_server.client.api_token

    class Chain(document.as_state_machine()):  # type: ignore[misc]  # made when the test runs
        def setup(self) -> None:  # what can follow a call should not depend on former chains
            session.post(f"{fuzzed_server.url}/_mock/reset")
            super().setup()

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {token}"}, "session": session}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            assert response.status_code < 500, (case.formatted_path, response.text[:500])

    with requests.Session() as session:
        Chain.run(settings=settings(FEW, max_examples=12, stateful_step_count=8))


PATHS = st.sampled_from(
    [
        "/DataCustodian/oauth/authorize",
        "/DataCustodian/oauth/token",
        "/DataCustodian/espi/1_1/resource/Batch/Subscription/1",
        "/api/v2/intervals",
        "/_mock/authorizations",
        "/sso/authorize",
        "/sso/token",
        "/connect/x/consent",
        "/receipts/x",
        "/dashboard",
        "/errors/x",
        "/",
    ]
)
QUERIES = st.binary(max_size=200).map(lambda raw: raw.replace(b"#", b"").replace(b" ", b"+"))
KINDS = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        "application/json",
        "text/plain; charset=nonsense",
        "",
    ]
)


@FEW
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]),
    path=PATHS,
    query=QUERIES,
    kind=KINDS,
    body=st.binary(max_size=300),
    authorization=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
)
def test_no_raw_bytes_end_in_a_500(
    fuzzed_server: MockServer,
    wire: httpx.Client,
    method: str,
    path: str,
    query: bytes,
    kind: str,
    body: bytes,
    authorization: str,
) -> None:
    printable = bytes(byte if 33 <= byte < 127 else 63 for byte in query)
    url = httpx.URL(fuzzed_server.url).copy_with(path=path, query=printable)
    headers = {"Content-Type": kind, "Authorization": authorization.strip()}
    answer = wire.request(method, url, headers=headers, content=body)
    assert answer.status_code < 500, (answer.status_code, answer.text[:500])


SCOPES = pieces_of(
    *(
        "FB=",
        "4",
        "_",
        "16",
        "51",
        "99999999999",
        "-1",
        ";",
        ";;",
        "=",
        ",",
        "AdditionalScope=",
        "auth-",
        "test-",
    ),
    *(
        "test_residential",
        "+",
        "phone-",
        "lastbill-",
        "sou-",
        "noedit",
        "IntervalDuration=",
        "BlockDuration=daily",
    ),
    *(
        "HistoryLength=",
        "SubscriptionFrequency=",
        "AccountCollection=",
        "BR=",
        "%3B",
        "0x1F",
        "1e9",
        "٤",
        "\x00",
        " ",
    ),
)
ENCODED = pieces_of(
    *(
        "grant_type=",
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "code=",
        "scope=",
        "&",
        "=",
        ";",
    ),
    *("%", "%4", "%zz", "%00", "%ff", "%C0%80", "%ED%A0%80", "%25", "+", "client_id=", "&&", "a[]=1", "\r\n"),
)
PARTS = pieces_of(
    *(
        "--x",
        "--x--",
        "\r\n",
        "\n",
        "Content-Disposition: form-data; name=",
        '"grant_type"',
        '"',
        "filename=",
        ";",
    ),
    *(
        "Content-Type: text/plain; charset=utf-7",
        "Content-Transfer-Encoding: base64",
        "client_credentials",
        "\x00",
    ),
)


@cache
def registered(server: MockServer) -> RegisteredClient:
    """The default client, asked for once."""
    return server.client


@FEW
@given(scope=SCOPES)
def test_no_scope_ends_in_a_500(fuzzed_server: MockServer, wire: httpx.Client, scope: str) -> None:
    client = registered(fuzzed_server)
    requested = {"response_type": "code", "client_id": client.id, "scope": scope}
    form = {"grant_type": "client_credentials", "scope": scope}
    answers = [
        wire.get("/oauth/authorize", params=requested),
        wire.post("/oauth/token", data=form, auth=(client.id, client.secret)),
        wire.post("/_mock/authorizations", json={"scope": scope}),
    ]
    assert max(answer.status_code for answer in answers) < 500


@FEW
@given(form=ENCODED, parts=PARTS)
def test_no_form_ends_in_a_500(fuzzed_server: MockServer, wire: httpx.Client, form: str, parts: str) -> None:
    client = registered(fuzzed_server)
    bodies = {"application/x-www-form-urlencoded": form, "multipart/form-data; boundary=x": parts}
    for kind, body in bodies.items():
        for path in ("/oauth/token", "/oauth/authorize", "/sso/authorize", "/third-party/register"):
            answer = wire.post(
                path,
                content=body.encode("utf-8", "surrogatepass"),
                headers={"Content-Type": kind},
                auth=(client.id, client.secret),
            )
            assert answer.status_code < 500, (path, kind, answer.text[:300])


@pytest.mark.parametrize("size", [5_000, 60_000, 100_000, 1_000_000])
def test_a_huge_state_is_answered(fuzzed_server: MockServer, size: int) -> None:
    query = {
        "response_type": "code",
        "client_id": fuzzed_server.client.id,
        "redirect_uri": "http://127.0.0.1:1/",
        "state": "s" * size,
    }
    connection = http.client.HTTPConnection(urlsplit(fuzzed_server.url).netloc, timeout=30)
    connection.request("GET", f"/oauth/authorize?{urlencode(query)}")  # httpx would refuse to send it
    answer = connection.getresponse()
    assert 400 <= answer.status < 500
    assert answer.getheader("location") is None
    connection.close()
