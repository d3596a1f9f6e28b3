"""Every link leads to a document of the link's type, with the same content as the batch."""

import pytest
from lxml import etree

from tests.espi.documents import ATOM, hrefs, parse, payload
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51_59_61_62;HistoryLength=4000000;AdditionalScope=auth-test-{}"


def content_of(entry: etree._Element) -> bytes:
    return etree.tostring(payload(entry))


@pytest.mark.parametrize("customer", ["test_residential", "test_solar", "test_commercial"])
@pytest.mark.parametrize("batch", ["Subscription", "RetailCustomer"])
def test_every_link_of_a_batch_leads_to_its_document(third: Third, customer: str, batch: str) -> None:
    issued = third.tokens(customer, SCOPE.format(customer))
    root = parse(third.get(f"{R}/Batch/{batch}/{issued.authorization.uid}", issued.access_token).content)
    in_batch = {hrefs(entry, "self")[0]: entry for entry in root.iter(f"{ATOM}entry")}
    seen: set[str] = set()
    for entry in in_batch.values():
        for link in entry.iter(f"{ATOM}link"):
            url, kind = str(link.get("href")), str(link.get("type"))
            if url in seen or kind == "text/html":
                continue
            seen.add(url)
            _check(third, url, kind, issued.access_token, in_batch)
    assert len(seen) > 10


def _check(third: Third, url: str, kind: str, token: str, in_batch: dict[str, etree._Element]) -> None:
    response = third.get(url, token)
    assert response.status_code == 200, (url, response.text)
    if kind == "application/pdf":
        return
    root = parse(response.content)
    shape, _, name = kind.partition("/")
    assert root.findtext(f"{ATOM}title") == name
    assert root.tag == f"{ATOM}{shape.rpartition('-')[2]}"
    if shape.endswith("entry"):
        if kind != "cust-entry/LocalTimeParameters":
            assert content_of(root) == content_of(in_batch[url])
        return
    inside = list(root.iter(f"{ATOM}entry"))
    below = {href: entry for href, entry in in_batch.items() if href.rpartition("/")[0] == url}
    assert {hrefs(entry, "self")[0] for entry in inside} == set(below)
    for entry in inside:
        assert hrefs(entry, "up") == [url]
        if kind != "cust-feed/LocalTimeParameters":
            assert content_of(entry) == content_of(below[hrefs(entry, "self")[0]])


def test_missing_resources_get_404_and_unshared_ones_403(third: Third) -> None:
    issued = third.tokens(scope=SCOPE.format("test_residential").replace("4_16_51_59_61_62", "16"))
    uid, token = issued.authorization.uid, issued.access_token
    meter = f"{R}/Subscription/{uid}/UsagePoint/1500001"
    assert b"<entry>" not in third.get(f"{meter}/MeterReading", token).content
    for path in (
        f"{meter}/MeterReading/x",
        f"{meter}/MeterReading/x/IntervalBlock/000001",
        f"{meter}/UsageSummary/1",
        f"{R}/Subscription/{uid}/UsagePoint/1/MeterReading",
        f"{R}/ReadingType/{uid}_x",
        f"{R}/ReadingType/x",
        f"{R}/LocalTimeParameters/TIMEZONE_{uid}_1",
    ):
        assert third.get(path, token).status_code == 404, path
    assert third.get(f"{R}/RetailCustomer/{uid}/Customer", token).status_code == 403
    full = third.tokens(scope=SCOPE.format("test_residential"))
    base = f"{R}/RetailCustomer/{full.authorization.uid}"
    for path in ("Customer/x", "Nothing", "Customer/x/Nothing", "Customer/x/CustomerAccount/y/z"):
        assert third.get(f"{base}/{path}", full.access_token).status_code == 404, path
    other = third.get(f"{base}/Customer", token)
    assert other.status_code == 403
    assert third.http.get(f"{base}/Customer").status_code == 401
