"""The shape of everything that goes wrong: one envelope, a stable code, and the parameter's name."""

from typing import Any

import pytest

from tests.api.calls import authorize, call, read
from tests.support import Third

READ = [
    "templates",
    "forms",
    "authorizations",
    "meters",
    "bills?meters=1",
    "intervals?meters=1",
    "events",
    "accounting/billing-accounts",
    "accounting/billing-summaries",
    "templates/1",
    "forms/1",
    "authorizations/1",
    "meters/1",
    "events/1",
    "accounting/billing-accounts/1",
    "accounting/billing-summaries/1",
    "files/pdf_bill?uid=1",
    "files/pdf_bill/1/x.pdf",
    "files/latest_pdf?meter=1",
    "files/bills_zip?meters=1",
    "files/meters_bills_csv?meters=1",
    "files/intervals_csv?meters=1",
    "files/meters_csv?accounts=1",
    "files/intervals_xml?meter=1",
    "files/csv/0007a121000000000000000000000000",
]
WRITE = [
    ("POST", "forms"),
    ("PATCH", "forms/1"),
    ("DELETE", "forms/1"),
    ("POST", "forms/1/test-submit"),
    ("PATCH", "authorizations/1"),
    ("DELETE", "authorizations/1"),
    ("POST", "authorizations/1/revoke"),
    ("PATCH", "meters/1"),
    ("POST", "meters/historical-collection"),
    ("POST", "meters/ongoing-monitoring"),
    ("PATCH", "events/1"),
]
BODIES: dict[str, dict[str, Any]] = {
    "forms/1/test-submit": {"utility": "DEMOUTILITY", "scenario": "residential"},
    "meters/1": {"is_archived": True},
    "meters/historical-collection": {"meters": ["1"]},
    "meters/ongoing-monitoring": {"meters": ["1"], "frequency": "off"},
    "events/1": {"is_delivered": True},
}
EVERYTHING = [("GET", path) for path in READ] + WRITE


@pytest.mark.parametrize(("method", "path"), EVERYTHING, ids=str)
@pytest.mark.parametrize(("token", "status", "code"), [("wrong", 401, "invalid_token"), ("client", 403, "")])
def test_no_endpoint_opens_without_its_token(
    third: Third, method: str, path: str, token: str, status: int, code: str
) -> None:
    displayed = third.client_token() if token == "client" else token
    found, result = call(third, method, path, token=displayed)
    assert (found, result["error"]) == (status, code or "insufficient_scope")
    missing = third.http.request(method, f"/api/v2/{path}")
    assert (missing.status_code, missing.json()["error"]) == (401, "missing_token")


@pytest.mark.parametrize(("method", "path"), [one for one in EVERYTHING if "1" in one[1]], ids=str)
def test_what_is_not_there_is_404(third: Third, method: str, path: str) -> None:
    status, result = call(third, method, path, body=BODIES.get(path))
    assert (status, result["error"]) == (404, "not_found")


@pytest.mark.parametrize("path", [path for method, path in WRITE if method == "PATCH"])
def test_an_unknown_attribute_names_the_known_ones(third: Third, path: str) -> None:
    status, result = call(third, "PATCH", path, body={"colour": "red", **BODIES.get(path, {})})
    assert (status, result["error"]) == (400, "invalid_param")
    assert "'colour'" in result["error_description"]
    assert "Known are: " in result["error_description"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nickname=x",
        b"[]",
        b'"x"',
        b"null",
        b"\xff",
        b'{"nickname": NaN}',
        b'{"nickname": 1}',
        b'{"nickname": "\\u0000"}',
        b'{"nickname": "\\ud800"}',
        b'{"is_archived": null}',
        b'{"is_archived": "perhaps"}',
        b'{"nickname": "' + b"x" * 201 + b'"}',
        b'{"nickname": ' + b"[" * 50 + b"]" * 50 + b"}",
        b"[" * 200_000,
    ],
    ids=lambda body: repr(body[:40]),
)
def test_a_body_that_cannot_be_used_is_400(third: Third, body: bytes) -> None:
    uid, _ = authorize(third)
    headers = {"Authorization": f"Bearer {third.client.api_token}"}
    answer = third.http.patch(f"/api/v2/authorizations/{uid}", headers=headers, content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_param")
    assert read(third, f"authorizations/{uid}")["nickname"] is None


def test_a_body_over_a_megabyte_is_413(third: Third) -> None:
    headers = {"Authorization": f"Bearer {third.client.api_token}"}
    answer = third.http.post("/api/v2/forms", headers=headers, content=b" " * 1_000_001)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


@pytest.mark.parametrize("path", ["templates", "forms", "authorizations", "meters", "events"])
@pytest.mark.parametrize("query", ["limit=0", "limit=x", "after=0", "after=x"])
def test_paging_that_cannot_be_is_named(third: Third, path: str, query: str) -> None:
    status, result = call(third, "GET", f"{path}?{query}")
    assert (status, result["error"]) == (400, "invalid_param")
    assert query.partition("=")[0] in result["error_description"]


@pytest.mark.parametrize(
    "query",
    [
        "authorizations?is_archived=1",
        "authorizations?is_declined=x",
        "authorizations?is_expired=x",
        "authorizations?is_revoked=x",
        "authorizations?expand_meter_blocks=x",
        "meters?is_archived=x",
        "meters?is_monitored=x",
        "meters?expand_meter_blocks=x",
        "forms?is_archived=x",
        "templates?disabled=x",
        "events?is_delivered=x",
    ],
)
def test_a_flag_that_is_neither_is_named(third: Third, query: str) -> None:
    authorize(third)
    status, result = call(third, "GET", query)
    assert (status, result["error"]) == (400, "invalid_param")
    assert query.partition("?")[2].partition("=")[0] in result["error_description"]


def test_utilities_are_looked_up(third: Third) -> None:
    headers = {"Authorization": f"Bearer {third.client.api_token}"}

    def found(query: str) -> list[dict[str, Any]]:
        answer = third.http.get(f"/api/experimental/utility-lookup?{query}", headers=headers)
        assert answer.status_code == 200
        return list(answer.json()["utilities"])

    [utility] = found("q=demo")
    assert utility["id"] == "DEMOUTILITY"
    assert utility["third_party_registration"].endswith("/third-party/register")
    assert found("") == found("q=UTILITY&include_unsupported=true") == [utility]
    assert found("q=edison") == []


def test_events_are_filtered_paged_and_marked(third: Third) -> None:
    for _ in range(2):
        authorize(third)
    events = read(third, "events")["events"]
    assert [one["uid"] for one in events] == sorted((one["uid"] for one in events), reverse=True)
    status, result = call(third, "PATCH", f"events/{events[0]['uid']}", body={"is_delivered": True})
    assert (status, result) == (200, {**events[0], "is_delivered": True})
    assert read(third, f"events/{events[0]['uid']}") == result
    assert read(third, "events?is_delivered=true")["events"] == [result]
    assert read(third, "events?is_delivered=false")["events"] == events[1:]
    assert [one["uid"] for one in read(third, f"events?after={events[1]['uid']}")["events"]] == [
        one["uid"] for one in events[2:]
    ]
