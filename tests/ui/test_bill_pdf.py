"""The PDF bill: linked from its summary, one page, reproducible bytes, access control."""

import re
import zlib

from mock_server.sandbox import Sandbox
from tests.espi.documents import ESPI, entries, hrefs, parse, payload
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51;HistoryLength=8000000;AdditionalScope=auth-test-{}"


def text_of(pdf: bytes) -> str:
    """The text of a PDF page, in drawing order."""
    content = b"".join(
        zlib.decompress(stream) for stream in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    )
    return b" ".join(re.findall(rb"\((.*?)\) Tj", content)).decode("latin-1").replace("\\", "")


def test_every_summary_links_to_a_pdf_with_its_total(third: Third) -> None:
    for customer in ("test_residential", "test_commercial", "test_solar"):
        issued = third.tokens(customer, SCOPE.format(customer))
        batch = third.get(f"{R}/Batch/Subscription/{issued.authorization.uid}", issued.access_token)
        summaries = entries(parse(batch.content), "UsageSummary")
        assert summaries
        for summary in summaries:
            [url] = [href for href in hrefs(summary, "related") if href.endswith(".pdf")]
            answer = third.get(url, issued.access_token)
            assert answer.headers["content-type"] == "application/pdf"
            assert answer.content.count(b"/Type /Page\n") == 1
            cents = int(payload(summary).findtext(f"{ESPI}billLastPeriod") or 0) // 1000
            assert f"${abs(cents) / 100:,.2f}" in text_of(answer.content)


def test_the_same_bill_has_the_same_bytes(third: Third) -> None:
    issued = third.tokens(scope=SCOPE.format("test_residential"))
    [bill, *_] = third.get(
        f"/api/v2/bills?authorizations={issued.authorization.uid}", issued.access_token
    ).json()["bills"]
    [source] = bill["sources"]
    assert source["type"] == "pdf"
    first, second = (third.get(source["raw_url"], issued.access_token).content for _ in range(2))
    assert first == second
    displayed = text_of(first)
    for result in ("HEATHER HOMEOWNER", bill["base"]["billing_account"], *bill["base"]["meter_numbers"]):
        assert result in displayed


def test_a_bill_needs_its_own_authorization_and_scope(third: Third, sandbox: Sandbox) -> None:
    issued = third.tokens(scope=SCOPE.format("test_residential"))
    other = third.tokens(scope=SCOPE.format("test_residential"))
    without = third.tokens(scope=SCOPE.format("test_residential").replace("4_16_51", "4_51"))
    path = f"{R}/Non-ESPI/pdf_bill/15000012603/2026-03-04.pdf"
    assert third.get(path, issued.access_token).status_code == 200
    assert third.get(path, other.access_token).status_code == 403
    assert third.http.get(path).status_code == 401
    assert third.get(path, third.client_token()).status_code == 403
    live = Third(sandbox, third.http, client_id="DEMOUTILITY_livelive1")
    assert third.get(path, live.client.api_token).status_code == 403
    unshared = path.replace("1500001", f"15000{int(without.authorization.uid) - 500_000 + 4:02d}")
    assert third.get(unshared, without.access_token).status_code in (403, 404)
    for wrong in ("15000019901", "1", "x", "15000012603x"):
        assert third.get(f"{R}/Non-ESPI/pdf_bill/{wrong}/a.pdf", issued.access_token).status_code == 404
    assert third.get(path.replace(".pdf", ".exe"), issued.access_token).status_code == 404
