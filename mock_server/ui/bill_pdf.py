"""Renders a bill as a one-page PDF. The same bill always gives the same bytes."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from mock_server.actions.reading.bill_page import BillPage
from mock_server.domain.billing.tariffs import LineItem

_GREEN, _GREY, _PALE = (11, 110, 79), (85, 98, 93), (213, 220, 217)
_LEFT, _RIGHT = 18, 192  # millimetres from the left edge of a Letter page
_UNITS = {"kwh": "kWh", "therms": "therms", "gal": "gallons", "kw": "kW"}
_BARS = 13


def write_bill(page: BillPage) -> bytes:
    """The bytes of the PDF (version 1.3 or later)."""
    pdf = FPDF(format="letter")
    pdf.set_margins(_LEFT, 16)
    pdf.set_auto_page_break(auto=False)
    pdf.set_creation_date(page.bill.published)
    pdf.set_title(f"Bill of {page.bill.statement_date}")
    pdf.set_lang("en")
    pdf.add_page()
    _head(pdf, page)
    _facts(pdf, page)
    _lines(pdf, page)
    _chart(pdf, page)
    _foot(pdf, page)
    return bytes(pdf.output())


def _text(
    pdf: FPDF, x: float, y: float, text: str, *, size: float = 10, bold: bool = False, right: bool = False
) -> None:
    """Write a line of text at a position. Characters that the font lacks become question marks."""
    pdf.set_font("Helvetica", style="B" if bold else "", size=size)
    printable = text.encode("latin-1", "replace").decode("latin-1")
    width = pdf.get_string_width(printable)
    pdf.set_xy(x - width - 2 if right else x, y)
    pdf.cell(width + 2, size * 0.45, printable, new_x=XPos.RIGHT, new_y=YPos.TOP)


def _head(pdf: FPDF, page: BillPage) -> None:
    pdf.set_fill_color(*_GREEN)
    pdf.rect(0, 0, 216, 26, style="F")
    pdf.set_text_color(255, 255, 255)
    _text(pdf, _LEFT, 9, page.utility.name, size=18, bold=True)
    _text(pdf, _RIGHT, 10, f"Statement of {_day(page.bill.statement_date)}", size=11, right=True)
    pdf.set_text_color(0, 0, 0)


def _facts(pdf: FPDF, page: BillPage) -> None:
    address = page.account.billing_address
    for row, line in enumerate(
        (
            page.account.billing_contact,
            address.street,
            f"{address.city}, {address.state} {address.postal_code}",
        )
    ):
        _text(pdf, _LEFT, 36 + 6 * row, line, size=11, bold=row == 0)
    first = _local(page, page.bill.period.start)
    last = _local(page, page.bill.period.end) - timedelta(days=1)
    facts = (
        ("Account", page.account.number),
        ("Service", f"{page.service.kind.capitalize()} {page.service.id}"),
        ("Meter", page.service.meter_serial),
        ("Tariff", page.tariff.name),
        ("Period", f"{_day(first)} to {_day(last)}"),
    )
    for row, (name, value) in enumerate(facts):
        pdf.set_text_color(*_GREY)
        _text(pdf, _LEFT, 60 + 6 * row, name)
        pdf.set_text_color(0, 0, 0)
        _text(pdf, _LEFT + 24, 60 + 6 * row, value)
    pdf.set_fill_color(231, 242, 237)
    pdf.rect(132, 34, 60, 24, style="F", round_corners=True, corner_radius=2)
    is_credit = page.bill.total < 0
    _text(pdf, 136, 37, "Credit" if is_credit else "Amount due", size=10)
    _text(pdf, 136, 43, _money(abs(page.bill.total)), size=20, bold=True)
    _text(pdf, 136, 52, "" if is_credit else f"by {_day(page.bill.due_date)}", size=9)


def _lines(pdf: FPDF, page: BillPage) -> None:
    top = 98.0
    _text(pdf, _LEFT, top, "Charges", size=13, bold=True)
    for row, item in enumerate(page.bill.line_items):
        y = top + 9 + 6.5 * row
        pdf.set_draw_color(*_PALE)
        pdf.line(_LEFT, y - 1, _RIGHT, y - 1)
        _text(pdf, _LEFT, y, _name(page, item))
        _text(pdf, 150, y, _volume(item), right=True)
        _text(pdf, _RIGHT, y, _money(item.cost), right=True)
    y = top + 9 + 6.5 * len(page.bill.line_items)
    pdf.set_draw_color(*_GREEN)
    pdf.line(_LEFT, y - 1, _RIGHT, y - 1)
    _text(pdf, _LEFT, y, "Total", bold=True, size=11)
    _text(pdf, _RIGHT, y, _money(page.bill.total), bold=True, size=11, right=True)


def _chart(pdf: FPDF, page: BillPage) -> None:
    """The usage of the last 13 periods as bars; net export has bars below zero."""
    bills = list(page.history)[-_BARS:]
    unit = _UNITS[page.bill.unit]
    top, height = 200.0, 42.0
    _text(pdf, _LEFT, top - 13, f"Your usage in {unit}", size=13, bold=True)
    volumes = [Decimal(0), *(bill.volume for bill in bills)]
    lowest, highest = min(volumes), max(volumes)
    scale = height / float(max(highest - lowest, Decimal(1)))
    zero = top + height + float(lowest) * scale
    step = (_RIGHT - _LEFT) / _BARS
    for place, bill in enumerate(bills):
        x, tall = _LEFT + step * place + 1.5, float(abs(bill.volume)) * scale
        pdf.set_fill_color(*(_GREEN if bill is bills[-1] else _PALE))
        pdf.rect(x, zero - tall if bill.volume >= 0 else zero, step - 3, max(tall, 0.2), style="F")
        _text(pdf, x, top + height + 1.5, f"{_local(page, bill.period.start):%b %y}", size=6.5)
        _text(pdf, x, (zero - tall if bill.volume >= 0 else zero) - 3.2, f"{bill.volume:,.0f}", size=6.5)


def _foot(pdf: FPDF, page: BillPage) -> None:
    pdf.set_text_color(*_GREY)
    _text(
        pdf,
        _LEFT,
        263,
        "A mock utility for developers. All customers, meters and bills are made up.",
        size=8,
    )
    _text(pdf, _RIGHT, 263, page.utility.website, size=8, right=True)


def _name(page: BillPage, item: LineItem) -> str:
    if item.span == page.bill.period:
        return item.name
    return f"{item.name}, {_short(page, item.span.start)} to {_short(page, item.span.end)}"


def _volume(item: LineItem) -> str:
    if item.kind == "tax":
        return f"{(item.rate or 0) * 100:.2f} %"
    if item.volume is None or item.unit is None:
        return ""
    return f"{item.volume:,.3f} {_UNITS[item.unit]} at {_money(item.rate or Decimal(0), cents=False)}"


def _money(amount: Decimal, *, cents: bool = True) -> str:
    text = f"${abs(amount):,.2f}" if cents else f"${abs(amount):,.5f}"
    return f"-{text}" if amount < 0 else text


def _local(page: BillPage, instant: datetime) -> date:
    return instant.astimezone(page.zone).date()


def _short(page: BillPage, instant: datetime) -> str:
    return f"{_local(page, instant):%b} {_local(page, instant).day}"


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
