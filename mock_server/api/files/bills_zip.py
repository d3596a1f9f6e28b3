"""The bills of meters as PDFs in a ZIP."""

import io
import zipfile
from collections.abc import Iterable

from mock_server.actions.reading.bill_page import open_bill
from mock_server.actions.reading.shares import bill_uid, issued_bill_periods
from mock_server.api.call import Call
from mock_server.api.visible_data import FoundMeter

_NEVER = (1980, 1, 1, 0, 0, 0)  # the oldest time that a ZIP can hold: the same bills are the same file


def bills_zip(call: Call, meters: Iterable[FoundMeter]) -> bytes:
    """A PDF for each bill, named by its uid and statement date."""
    from mock_server.ui.bill_pdf import write_bill  # takes long to import

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for share, shared in meters:
            for period in issued_bill_periods(share, shared):
                uid = bill_uid(shared.meter.uid, period)
                page = open_bill(call.sandbox, call.transaction, call.caller, uid)
                entry = zipfile.ZipInfo(f"{uid}_{page.bill.statement_date}.pdf", date_time=_NEVER)
                archive.writestr(entry, write_bill(page), zipfile.ZIP_DEFLATED)
    return held.getvalue()
