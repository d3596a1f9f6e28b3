"""The dashboard and the page of an authorization: contents, and that the numbers equal the API's."""

import re
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from mock_server.sandbox import Sandbox
from tests.portal.people import Person
from tests.support import SCOPE, Third

LIVE = "DEMOUTILITY_livelive1"
CUSTOMERS = ["test_residential", "test_commercial", "test_solar", "test_gaps"]


def page_of(third: Third, customer: str = "test_residential", scope: str = SCOPE) -> tuple[Person, str]:
    """A browser at the page of a new authorization."""
    uid = third.tokens(customer, scope).authorization.uid
    return Person.opening(third.sandbox, f"/dashboard/authorizations/{uid}"), uid


def numbers(page: str) -> dict[str, Decimal]:
    """The amounts of the chart's bars by label."""
    found = re.findall(r"<title>([^<:]+(?::\d\d)?): (-?[0-9.E+-]+) ", page)
    return {label: Decimal(amount) for label, amount in found}


def readings(third: Third, uid: str, meter: str) -> list[dict]:
    """A meter's readings in the JSON API, newest first."""
    headers = {"Authorization": f"Bearer {third.client.api_token}"}
    answer = third.http.get("/api/v2/intervals", params={"meters": meter}, headers=headers).json()
    return [reading for interval in answer["intervals"] for reading in interval["readings"]]


def amount_of(reading: dict) -> Decimal:
    points = {point["type"]: Decimal(str(point["value"])) for point in reading["datapoints"]}
    return points["net"]


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_the_bars_are_sums_of_the_api_readings(third: Third, customer: str) -> None:
    person, uid = page_of(third, customer)
    for meter in re.findall(r"\?meter=(\d+)\"", person.page.text) or [None]:
        if meter is None:
            (meter,) = re.findall(r">Meter (\d+)</h2>", person.page.text)
        by_day: dict[str, Decimal] = defaultdict(Decimal)
        by_hour: dict[str, Decimal] = defaultdict(Decimal)
        served = readings(third, uid, meter)
        newest = datetime.fromisoformat(served[0]["start"]).date()
        for reading in served:
            start = datetime.fromisoformat(reading["start"])
            if start.date() <= newest - timedelta(days=31):
                continue
            by_day[f"{start:%b} {start.day}"] += amount_of(reading)
            if start.date() == newest - timedelta(days=1):
                by_hour[f"{start:%H}:00"] += amount_of(reading)
        query = {"meter": meter, "client_id": third.client.id}
        for view, sums in (("day", by_day), ("hour", by_hour)):
            page = person.http.get(person.page.url.path, params={**query, "view": view}).text
            displayed = numbers(page)
            assert len(displayed) == (31 if view == "day" else len(by_hour))
            assert {label: round(sums[label], 3) for label in displayed} == {
                label: round(amount, 3) for label, amount in displayed.items()
            }


def test_the_chart_has_earlier_and_later_links(third: Third) -> None:
    person, _ = page_of(third)
    seen = [numbers(person.page.text)]
    for word in ("Earlier", "Earlier", "Later"):
        target = re.findall(rf'<a href="([^"]+)">{word}</a>', person.page.text)[0]
        person.opens(target.replace("&amp;", "&"))
        seen.append(numbers(person.page.text))
    assert seen[3] == seen[1] != seen[2] != seen[0]
    assert not {*seen[0]} & {*seen[1]} or len(seen[1]) == 31
    for day in ("1999-01-01", "2099-01-01"):
        assert person.opens(f"{person.page.url.path}?day={day}").page.status_code == 200
    assert person.opens(f"{person.page.url.path}?day=today").page.status_code == 400
    assert person.opens(f"{person.page.url.path}?meter=1").page.status_code == 404


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_bills_equal_those_of_the_api(third: Third, customer: str) -> None:
    person, _ = page_of(third, customer)
    (meter,) = re.findall(r">Meter (\d+)</h2>", person.page.text)
    headers = {"Authorization": f"Bearer {third.client.api_token}"}
    bills = third.http.get("/api/v2/bills", params={"meters": meter}, headers=headers).json()["bills"]
    displayed = re.findall(
        r"<td class=\"number\">(-?[0-9.,]+)</td><td class=\"number\">\$(-?[0-9.,]+)</td>", person.page.text
    )
    expected = [
        (float(bill["base"]["bill_total_volume"]), float(bill["base"]["bill_total_cost"]))
        for bill in bills[:12]
    ]
    assert [(float(a.replace(",", "")), float(b.replace(",", ""))) for a, b in displayed] == expected


def test_every_download_equals_the_api_response(third: Third) -> None:
    person, uid = page_of(third)
    links = re.findall(r'href="(/dashboard/authorizations/[^"]+(?:/files/|/bills/)[^"]+)"', person.page.text)
    assert len(links) == 5 + 12
    kinds = {".xml": "application/atom+xml", ".csv": "text/csv", ".pdf": "application/pdf"}
    for link in links:
        answer = person.http.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link
        name = link.partition("?")[0]
        assert answer.headers["content-type"].startswith(kinds[name[-4:]])
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
    token = {"Authorization": f"Bearer {third.client.api_token}"}
    batch = third.http.get(f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{uid}", headers=token)
    (own,) = [link for link in links if "green-button.xml" in link]
    assert person.http.get(own.replace("&amp;", "&")).content == batch.content
    assert third.client.api_token not in person.page.text
    assert person.http.get(f"/dashboard/authorizations/{uid}/files/x.xml").status_code == 404
    assert person.http.get(f"/dashboard/authorizations/{uid}/bills/12605.pdf").status_code == 404


def test_revoking_ends_access_on_the_page_and_in_the_apis(third: Third) -> None:
    tokens = third.tokens()
    uid = tokens.authorization.uid
    person = Person.opening(third.sandbox, f"/dashboard/authorizations/{uid}")
    person.sends("/revoke")
    assert person.page.url.path.endswith(f"/{uid}")
    assert "no longer shared" in person.page.text
    assert "<svg" not in person.page.text
    assert "authorization_<wbr>revoked" in person.page.text
    assert person.http.get(f"/dashboard/authorizations/{uid}/files/green-button.xml").status_code == 409
    answer = third.get(f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{uid}", tokens.access_token)
    assert answer.status_code == 403
    assert "revoked" in person.opens("/dashboard").page.text


def test_an_authorization_of_another_client_is_not_found(third: Third) -> None:
    uid = third.tokens().authorization.uid
    person = Person.opening(third.sandbox, f"/dashboard?client_id={LIVE}")
    assert uid not in person.page.text
    for path in ("", "/files/green-button.xml", "/bills/12605.pdf"):
        assert person.opens(f"/dashboard/authorizations/{uid}{path}?client_id={LIVE}").page.status_code == 404
    own = Person.registered(third.sandbox)
    assert own.opens(f"/dashboard/authorizations/{uid}").page.status_code == 404
    csrf = own.opens("/dashboard").page.text.partition('name="csrf" value="')[2][:64]
    for data, status in (({"csrf": csrf}, 404), ({}, 403)):
        answer = own.http.post(f"/dashboard/authorizations/{uid}/revoke", data=data)
        assert answer.status_code == status
    assert third.http.get("/dashboard").text.count('<span class="tag active">') == 1


def test_an_authorization_without_usage_or_bills_is_explained(third: Third) -> None:
    person, _ = page_of(third, scope="FB=51;AdditionalScope=auth-test-test_residential")
    assert "No readings yet" in person.page.text
    assert "No bills" in person.page.text


def test_a_hundred_meters_are_offered_as_a_select(third: Third) -> None:
    person, _ = page_of(third, "test_large")
    assert person.page.text.count("<option value=") == 100
    assert 'aria-label="Meters"' not in person.page.text


def test_an_empty_dashboard_links_to_the_request_form(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox).opens("/dashboard")
    assert "No authorizations yet" in person.page.text
    assert 'href="/dashboard/request"' in person.page.text


def test_the_dashboard_has_pages_and_lists_declined_requests(sandbox: Sandbox, third: Third) -> None:
    first = third.tokens().authorization
    with sandbox.writing() as transaction:
        transaction.authorizations.add(
            *(replace(first, uid=str(600_000 + number), kind="declined") for number in range(50))
        )
    person = Person.opening(sandbox, "/dashboard")
    assert "authorizations/6000" not in person.page.text  # a declined request has no page
    assert person.page.text.count('class="tag declined"') == 50
    person.opens("/dashboard?client_id=DEMOUTILITY_ccccccccc&before=600000")
    assert f"authorizations/{first.uid}" in person.page.text
    assert ">Older</a>" not in person.page.text
