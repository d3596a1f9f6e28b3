"""Every link of every document leads to what its type says, and that document says the same as the batch."""

import pytest
from lxml import etree

from tests.espi.documents import ATOM, hrefs, parse, payload
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51_59_61_62;HistoryLength=4000000;AdditionalScope=auth-test-{}"


def said(entry: etree._Element) -> bytes:
    return etree.tostring(payload(entry))


@pytest.mark.parametrize("customer", ["test_residential", "test_solar", "test_commercial"])
@pytest.mark.parametrize("batch", ["Subscription", "RetailCustomer"])
def test_every_link_of_a_batch_leads_somewhere(third: Third, customer: str, batch: str) -> None:
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
    answer = third.get(url, token)
    assert answer.status_code == 200, (url, answer.text)
    if kind == "application/pdf":
        return
    root = parse(answer.content)
    shape, _, name = kind.partition("/")
    assert root.findtext(f"{ATOM}title") == name
    assert root.tag == f"{ATOM}{shape.rpartition('-')[2]}"
    if shape.endswith("entry"):
        if kind != "cust-entry/LocalTimeParameters":
            assert said(root) == said(in_batch[url])
        return
    inside = list(root.iter(f"{ATOM}entry"))
    below = {found: one for found, one in in_batch.items() if found.rpartition("/")[0] == url}
    assert {hrefs(one, "self")[0] for one in inside} == set(below)
    for one in inside:
        assert hrefs(one, "up") == [url]
        if kind != "cust-feed/LocalTimeParameters":
            assert said(one) == said(below[hrefs(one, "self")[0]])


def test_what_is_not_there_is_404_and_what_is_not_shared_403(third: Third) -> None:
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
