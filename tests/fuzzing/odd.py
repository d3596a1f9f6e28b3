"""Values that break programs: texts, JSON, headers, bytes. Nothing here knows an address."""

from random import Random
from typing import Any

from hypothesis import strategies as st

_TEXTS = (
    *("", " ", "\x00", "a\x00b", "\r\nX: y", "\ufeff", "\ufffe", "\x1b[31m", "\x7f"),
    *("\ud800", "a\udfffb", "\u202eabc", "שלום", "é", "e\u0301", "ß", "İ", "\U0001d54f" * 20, "👩‍👩‍👧‍👦"),
    *("a" * 300, "a" * 20_000, "é" * 5_000, "9" * 30, "9" * 5_000, "-" * 40, "%" * 40, "_" * 40),
    *(
        "0",
        "-1",
        "-0",
        "+1",
        "1.5",
        "1e9",
        "1e400",
        "-1e400",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "0x1F",
        "1_000",
    ),
    *(
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
    ),
    *("١٢", "²", "\uff11", "½", "Ⅷ", "true", "null", "None", "[]", "{}", "undefined"),
    *("0001-01-01", "9999-12-31", "0000-00-00", "2026-02-30", "2026-13-01", "10000-01-01", "-0001-01-01"),
    *(
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:60Z",
        "2026-03-08T02:30:00",
    ),
    *("2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "1970-01-01", "1e3-01-01", "2026-W01-1", "20260101"),
    *("P9999Y", "-P1D", "P1M", "PT0S", "P", "PT1E9H", "P99999999999D", "1d", "-5"),
    *("../..", "..%2f", "/", "//", "\\", ".", "..", "%00", "%", "%zz", "~x", "*", "?", "#", "a/b"),
    *(
        "http://[::1",
        "http://127.0.0.1:9/",
        "http://127.0.0.1:99999/",
        "javascript:x",
        "urn:x",
        "//x",
        "http://",
    ),
    *(
        "http://é.é/",
        "http://xn--/",
        "mailto:x",
        "data:,x",
        "http://u:p@127.0.0.1:9/",
        "http://127.0.0.1:9/#f",
    ),
    *(
        "'",
        '"',
        "<x>",
        "&amp;",
        "]]>",
        "{{7*7}}",
        "${x}",
        "; DROP",
        "' OR 1=1 --",
        "$(x)",
        "{base}",
        "{}",
        "%s",
    ),
    *(
        ",",
        ",,",
        "a,b",
        ";",
        "FB=",
        "FB=4_4",
        "FB=99999999999",
        "AdditionalScope=auth-",
        "openid",
        "+",
        "a b",
    ),
)
_NUMBERS = (0, -1, 1, 2, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**70, 10**30, 1.5, 1e308, -0.0, 1e-320)
_NO_NUMBERS = (float("nan"), float("inf"), float("-inf"))

DICE = st.binary(min_size=8, max_size=8).map(Random)
"""What chooses within a call. Hypothesis by itself draws alike examples one after the other, and cheap ones again."""


def text(dice: Random) -> str:
    """One that broke something once, or any."""
    if dice.randrange(4):
        return dice.choice(_TEXTS)
    ranges = dice.choice(((32, 127), (0, 0x180), (0x2000, 0x2100), (0xD7F0, 0xE010), (0, 0x110000)))
    return "".join(chr(dice.randrange(*ranges)) for _ in range(dice.randrange(9)))


def number(dice: Random) -> float:
    """Around what machines can count."""
    if dice.randrange(3):
        return dice.choice(_NUMBERS) if dice.randrange(8) else dice.choice(_NO_NUMBERS)
    return dice.choice(
        (dice.randrange(-100, 10_000), dice.uniform(-10, 1e6), dice.randrange(-(2**40), 2**40))
    )


TEXTS = DICE.map(text)
NUMBERS = DICE.map(number)


def nested(depth: int, around: Any = None) -> Any:
    """Lists and objects within each other."""
    for level in range(depth):
        around = [around] if level % 2 else {"a": around}
    return around


_JSON: tuple[Any, ...] = (
    *(None, True, False, [], {}, [None], [[]], {"": ""}, {"a": {}}, ["a"] * 300),
    *(nested(5), nested(60), nested(400)),
)


def json(dice: Random) -> Any:
    """Any JSON."""
    match dice.randrange(6):
        case 0 | 1:
            return text(dice)
        case 2:
            return number(dice)
        case 3:
            return [dice.choice((text, number))(dice) for _ in range(dice.randrange(4))]
        case 4:
            return {text(dice): dice.choice((text, number))(dice) for _ in range(dice.randrange(3))}
    return dice.choice(_JSON)


JSON = DICE.map(json)
_BODIES = (
    b"",
    b"{",
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b"null",
    b"NaN",
    b'{"a": 1e999}',
    b'{"a": 1, "a": 2}',
    b'"\\ud800"',
    b'{"\\u0000": "\\u0000"}',
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b"\x00",
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
    b"a=%ED%A0%80&a=%00&=&&%",
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--',
    b"9" * 5_000,
)
KINDS = (
    *("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *("multipart/form-data", "application/atom+xml", "application/xml", "text/plain; charset=nonsense"),
    *(
        "application/json; charset=utf-16",
        "APPLICATION/JSON",
        "application/merge-patch+json",
        "",
        "/",
        ";",
        "é",
    ),
)
_HEADERS = {
    "Accept": ("text/html", "application/json", "*/*;q=nan", "application/atom+xml", "", ",,,", "a" * 300),
    "Accept-Encoding": ("gzip", "identity;q=0", "br, gzip;q=0.5", "*;q=0", "gzip;q=x", "é"),
    "Accept-Language": ("de", "*", "x" * 300, ""),
    "Authorization": (
        "",
        "Bearer",
        "Bearer ",
        "Bearer é",
        "Bearer a b",
        "Basic",
        "Basic é",
        "Basic ====",
        "basic Og==",
    ),
    "Content-Encoding": ("identity", "gzip", "IDENTITY", "", "é"),
    "Content-Type": KINDS,
    "Cookie": (
        "",
        ";;;",
        "=",
        "a",
        "mock_server_browser=é",
        'a="\\',
        "mock_server_portal=",
        "a=b; a=c",
        "\x80",
    ),
    "If-Modified-Since": (
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "x",
        "-1",
        "99999999999999",
    ),
    "If-None-Match": ("*", '"x"', "W/", "x", '"' * 50, "é"),
    "Prefer": ("respond-async", "wait=-1", "wait=é"),
    "Range": (
        "bytes=0-0",
        "bytes=-1",
        "bytes=9-1",
        "bytes=0-99999999999999999999",
        "x",
        "bytes=" + "0-1," * 50,
    ),
    "Referer": ("http://[::1", "é", ""),
    "User-Agent": ("", "é" * 50, "\x80"),
    "X-Forwarded-For": ("é", "::1", "x" * 300),
    "X-Forwarded-Proto": ("https", "javascript", "é"),
    "X-Request-Id": ("", "é", "x" * 300),
}
_HEADER_LINES = [
    (name, value.strip().encode("latin-1", "replace")) for name in _HEADERS for value in _HEADERS[name]
]


def body(dice: Random) -> bytes:
    """One that no parser likes, or any bytes."""
    return dice.choice(_BODIES) if dice.randrange(4) else dice.randbytes(dice.randrange(60))


def header(dice: Random) -> tuple[str, bytes]:
    """A header, its value as it is sent: Host and Origin decide who may call at all, so they are not here."""
    return dice.choice(_HEADER_LINES)


def pieces_of(*known: str) -> st.SearchStrategy[str]:
    """Words of a grammar in any order, with anything between them."""
    return st.lists(st.sampled_from(known) | st.text(max_size=4), max_size=12).map("".join)


SNIPPETS = pieces_of(
    *(
        "<",
        ">",
        "</",
        "/>",
        "&",
        "&amp;",
        "&#0;",
        "&x;",
        "<!DOCTYPE x>",
        "<![CDATA[",
        "]]>",
        "<?x?>",
        "<!--",
        "xmlns:a=",
    ),
    *('"', "http://naesb.org/espi", "<espi:scope>", "-1", "2147483648", "1e400", "\ufffe", "https://"),
)
