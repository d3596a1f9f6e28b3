"""Charsets of bodies: text encodings are accepted, other codecs are not."""

import encodings
import pkgutil
from contextlib import suppress
from encodings import aliases

import pytest

from mock_server.domain.errors import InvalidRequest
from mock_server.domain.text.charsets import check_charset


@pytest.mark.parametrize(
    "label", ["utf-8", "UTF-8", " utf8 ", "us-ascii", "iso-8859-1", "windows-1252", "shift_jis"]
)
def test_a_text_encoding_is_accepted(label: str) -> None:
    check_charset(label)


@pytest.mark.parametrize(
    "label", ["punycode", "undefined", "unicode_escape", "raw_unicode_escape", "", "x\0y", "é"]
)
def test_any_other_charset_is_rejected_with_advice(label: str) -> None:
    with pytest.raises(InvalidRequest, match="Send UTF-8"):
        check_charset(label)


def test_every_accepted_charset_decodes_bytes_or_raises_unicode_decode_error() -> None:
    names = {*aliases.aliases, *(module.name for module in pkgutil.iter_modules(encodings.__path__))}
    labels = {spelling for name in names for spelling in (name, name.replace("_", "-"))}
    accepted = [label for label in labels if _is_accepted(label)]
    assert len(accepted) > 20
    for label in accepted:
        with suppress(UnicodeDecodeError):
            assert isinstance(b"\xff\xfe_\x81\x00".decode(label), str)


def _is_accepted(label: str) -> bool:
    try:
        check_charset(label)
    except InvalidRequest:
        return False
    return True
