"""Files hold what the objects hold: CSV line by line, PDFs of every bill, XML reading by reading."""

import csv
import io
import zipfile
from typing import Any

import pytest

from tests.api.calls import authorize, call, read
from tests.espi.documents import parse
from tests.support import BASE, Third

CUSTOMERS = ["test_residential", "test_solar", "test_gaps"]
ESPI = "{http://naesb.org/espi}"


def fetch(third: Third, link: str) -> Any:
    """A file that is there."""
    assert link.startswith(BASE)
    answer = third.get(link, third.client.api_token)
    assert answer.status_code == 200, answer.text
    return answer


def table(third: Third, link: str) -> list[dict[str, str]]:
    """A CSV's lines by their headings."""
    answer = fetch(third, link)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_the_csv_of_bills_holds_the_bills(third: Third, customer: str) -> None:
    uid, _ = authorize(third, customer)
    for meter in read(third, "meters")["meters"]:
        bills = read(third, f"bills?meters={meter['uid']}")["bills"]
        rows = table(third, meter["exports"]["bills_csv"])
        assert [row["uid"] for row in rows] == [bill["uid"] for bill in bills]
        for row, bill in zip(rows, bills, strict=True):
            assert float(row["bill_total_cost"]) == bill["base"]["bill_total_cost"]
            assert row["bill_start_date"] == bill["base"]["bill_start_date"]
    exports = read(third, f"authorizations/{uid}")["exports"]
    every = read(third, f"bills?authorizations={uid}")["bills"]
    assert sorted(row["uid"] for row in table(third, exports["bills_combined_csv"])) == sorted(
        bill["uid"] for bill in every
    )


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_the_csv_of_readings_holds_the_readings(third: Third, customer: str) -> None:
    authorize(third, customer)
    for meter in read(third, "meters")["meters"]:
        intervals = read(third, f"intervals?meters={meter['uid']}")["intervals"]
        readings = [one for interval in intervals for one in interval["readings"]]
        rows = table(third, meter["exports"]["intervals_csv"])
        assert [row["start"] for row in rows] == [one["start"] for one in readings]
        for row, one in zip(rows, readings, strict=True):
            for point in one["datapoints"]:
                assert float(row[point["type"]]) == point["value"]


def test_the_source_of_an_interval_is_the_green_button_feed_of_its_meter(third: Third) -> None:
    uid, token = authorize(third)
    [interval, *_] = read(third, f"intervals?authorizations={uid}")["intervals"]
    [source] = interval["sources"]
    assert source["type"] == "greenbutton_cmd"
    feed = third.get(source["raw_url"], token)
    assert feed.status_code == 200
    assert f"Subscription/{uid}/UsagePoint/{interval['meter_uid']}/" in feed.text


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_the_xml_of_readings_holds_the_readings(third: Third, customer: str) -> None:
    authorize(third, customer)
    for meter in read(third, "meters")["meters"]:
        feed = parse(fetch(third, meter["exports"]["intervals_xml"]).content)
        starts = [int(one.text or 0) for one in feed.iterfind(f".//{ESPI}IntervalReading//{ESPI}start")]
        assert len(starts) == meter["interval_count"]
        assert starts == sorted(starts, reverse=True)
        zones = {one.text for one in feed.iterfind(f".//{ESPI}timezone")}
        assert zones <= {"-0500", "-0400"}
        assert feed.findtext(f".//{ESPI}thirdPartyName") == "UtilityAPI"


def test_the_zip_has_every_bill_and_the_latest_is_the_newest(third: Third) -> None:
    authorize(third)
    [meter, *_] = read(third, "meters")["meters"]
    bills = read(third, f"bills?meters={meter['uid']}")["bills"]
    first, second = (fetch(third, meter["exports"]["bills_zip"]).content for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        held = {info.filename.partition("_")[0]: archive.read(info) for info in archive.infolist()}
    assert set(held) == {bill["uid"] for bill in bills}
    newest = fetch(third, bills[0]["sources"][0]["raw_url"])
    assert newest.headers["content-type"] == "application/pdf"
    assert newest.content == held[bills[0]["uid"]] == fetch(third, meter["exports"]["latest_pdf"]).content
    assert fetch(third, f"{BASE}/api/v2/files/pdf_bill?uid={bills[0]['uid']}").content == newest.content


def test_the_csv_of_meters_holds_the_meters(third: Third) -> None:
    uid, _ = authorize(third)
    rows = table(third, read(third, f"authorizations/{uid}")["exports"]["meters_csv"])
    meters = read(third, "meters")["meters"]
    assert [(row["uid"], int(row["bill_count"])) for row in rows] == [
        (meter["uid"], meter["bill_count"]) for meter in meters
    ]


def test_every_link_of_the_list_is_a_link_of_the_object(third: Third) -> None:
    uid, _ = authorize(third, blocks="16")
    for result in (read(third, f"authorizations/{uid}"), *read(third, "meters")["meters"]):
        assert [one["link"] for one in result["exports_list"]] == list(result["exports"].values())
        assert "intervals_csv" not in result["exports"], "the scope has no readings"


def test_files_are_for_the_owner_of_the_data_alone(third: Third) -> None:
    uid, _ = authorize(third)
    other = Third(third.sandbox, third.http, client_id="DEMOUTILITY_livelive1")
    links = [one["link"] for one in read(third, f"authorizations/{uid}")["exports_list"]]
    for meter in read(third, "meters")["meters"]:
        links += [one["link"] for one in meter["exports_list"]]
    assert len(links) == 17
    for link in links:
        assert third.http.get(link).status_code == 401
        assert call(other, "GET", link)[0] in (403, 404)
    altered = links[0][:-1] + ("0" if links[0][-1] != "0" else "1")
    assert call(third, "GET", altered)[0] == 404


@pytest.mark.parametrize("path", ["meters_csv", "bills_zip", "latest_pdf", "pdf_bill", "intervals_xml"])
def test_a_file_needs_to_be_named(third: Third, path: str) -> None:
    status, result = call(third, "GET", f"files/{path}")
    assert (status, result["error"]) == (400, "invalid_param")


def test_what_somebody_wrote_is_no_formula_in_a_spreadsheet(third: Third) -> None:
    """Names of services come from fixture files and states, which anybody writes."""
    authorize(third)
    document = third.http.get("/_mock/state").json()
    for customer in document["records"]["customers"]:
        for account in customer["accounts"]:
            for service in account["services"]:
                service["service_class"] = "=HYPERLINK(1)"
            account["billing_contact"] = "@SUM(A1)"
    assert third.http.put("/_mock/state", json=document).status_code == 200
    rows = table(third, f"{BASE}/api/v2/files/meters_csv?accounts=500001")
    assert {row["service_class"] for row in rows} == {"'=HYPERLINK(1)"}
    assert {row["billing_contact"] for row in rows} == {"'@SUM(A1)"}


def test_the_energy_that_a_solar_roof_sends_back_stays_a_negative_number(third: Third) -> None:
    authorize(third, customer="test_solar")
    meters = ",".join(one["uid"] for one in read(third, "meters")["meters"])
    net = [float(row["net"]) for row in table(third, f"{BASE}/api/v2/files/intervals_csv?meters={meters}")]
    assert min(net) < 0
