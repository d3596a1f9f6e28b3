"""No secret leaves the journal, wherever it stood; and what is no secret stays readable."""

import gzip
from base64 import b64encode

import pytest

from mock_server.journal.masking import labels, mask_text, masked
from tests.journal.recorded import body, taken

SECRET = "5ec2e7" * 10 + "abcd"
LABEL = labels(b"key")
MASK = LABEL(SECRET)


@pytest.mark.parametrize(
    "name",
    ["code", "client_secret", "access_token", "refresh_token", "token", "password", "code_verifier", "csrf"],
)
@pytest.mark.parametrize("text", ["{0}={1}&b=2", "a=1&{0}={1}", "?{0}={1}#x", "href='/x?a=b&amp;{0}={1}'"])
def test_a_secret_parameter_is_masked_in_queries_forms_and_links(name: str, text: str) -> None:
    assert mask_text(text.format(name, SECRET), LABEL) == text.format(name, MASK)


@pytest.mark.parametrize(
    "text",
    [
        '{{"access_token": "{0}", "expires_in": 3600}}',
        '{{"registration_access_token":"{0}',
        "<client_secret>{0}</client_secret>",
        '<espi:registrationAccessToken xmlns:espi="http://naesb.org/espi">{0}',
        '--x\r\nContent-Disposition: form-data; name="client_secret"\r\n\r\n{0}\r\n--x--',
        '<input type="hidden" name="csrf" value="{0}">',
    ],
)
def test_a_secret_is_masked_in_every_kind_of_body_even_a_cut_one(text: str) -> None:
    assert mask_text(text.format(SECRET), LABEL) == text.format(MASK)


@pytest.mark.parametrize(
    "text",
    [
        "grant_type=authorization_code&redirect_uri=http%3A%2F%2Fx&state=abc",
        "response_type=code&client_id=DEMOUTILITY_ccccccccc&scope=FB%3D4_16",
        '{"error": "invalid_grant", "error_description": "This code was already used."}',
        '{"code": "invalid_param"}',
        "<title>UsagePoint</title>",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert mask_text(text, LABEL) == text


def test_a_secret_is_recognised_again_in_another_spelling() -> None:
    assert mask_text("client_secret=a%2Bb", LABEL) == f"client_secret={LABEL('a+b')}"


def test_another_process_masks_otherwise_so_that_short_secrets_are_not_guessed() -> None:
    assert LABEL("123456") != labels(b"another key")("123456")


@pytest.mark.parametrize(
    ("header", "displayed"),
    [
        (f"Bearer {SECRET}", f"Bearer {MASK}"),
        ("Basic " + b64encode(f"me:{SECRET}".encode()).decode(), f"Basic me:{MASK}"),
        (f"Basic {SECRET}!", f"Basic {LABEL(SECRET + '!')}"),
        (SECRET, MASK),
    ],
)
def test_the_authorization_header_reports_the_scheme_and_the_user_only(header: str, displayed: str) -> None:
    exchange = masked(taken(request_headers=[(b"Authorization", header.encode())]), LABEL)
    assert exchange.request.headers == (("authorization", displayed),)


def test_cookies_and_redirects_are_masked() -> None:
    exchange = masked(
        taken(
            request_headers=[(b"cookie", f"a={SECRET}; b={SECRET}".encode())],
            response_headers=[
                (b"set-cookie", f"a={SECRET}; Path=/; HttpOnly".encode()),
                (b"location", f"http://localhost/cb?code={SECRET}&state=s".encode()),
            ],
        ),
        LABEL,
    )
    assert exchange.request.header("cookie") == f"a={MASK}; b={MASK}"
    assert exchange.response.header("set-cookie") == f"a={MASK}; Path=/; HttpOnly"
    assert exchange.response.header("location") == f"http://localhost/cb?code={MASK}&state=s"


def test_a_page_hides_one_time_codes_and_whatever_looks_like_a_secret() -> None:
    html = f"<p>Your code is <strong>123456</strong></p><code>{SECRET}</code>"
    kind = [(b"content-type", b"text/html; charset=utf-8")]
    exchange = masked(taken(response_headers=kind, response_body=body(html.encode())), LABEL)
    assert (
        exchange.response.body == f"<p>Your code is <strong>{LABEL('123456')}</strong></p><code>{MASK}</code>"
    )


def test_a_compressed_body_is_read_and_masked() -> None:
    packed = gzip.compress(f'{{"access_token": "{SECRET}"}}'.encode())
    headers = [(b"content-type", b"application/json"), (b"content-encoding", b"gzip")]
    exchange = masked(taken(response_headers=headers, response_body=body(packed)), LABEL)
    assert exchange.response.body == f'{{"access_token": "{MASK}"}}'


def test_a_body_that_is_no_text_is_left_out_but_counted() -> None:
    kind = [(b"content-type", b"application/pdf")]
    exchange = masked(taken(response_headers=kind, response_body=body(b"%PDF" * 10)), LABEL)
    assert (exchange.response.body, exchange.response.size) == (None, 40)
