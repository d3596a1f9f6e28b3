"""Charsets of bodies: text encodings are known, codecs that decode something else are not."""

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
def test_a_text_encoding_is_taken(label: str) -> None:
    check_charset(label)


@pytest.mark.parametrize(
    "label", ["punycode", "undefined", "unicode_escape", "raw_unicode_escape", "", "x\0y", "é"]
)
def test_anything_else_is_refused_with_a_sentence(label: str) -> None:
    with pytest.raises(InvalidRequest, match="Send UTF-8"):
        check_charset(label)


def test_whatever_is_taken_decodes_bytes_or_raises_what_the_form_parser_expects() -> None:
    names = {*aliases.aliases, *(one.name for one in pkgutil.iter_modules(encodings.__path__))}
    spelt = {spelling for name in names for spelling in (name, name.replace("_", "-"))}
    taken = [name for name in spelt if _is_taken(name)]
    assert len(taken) > 20
    for name in taken:
        with suppress(UnicodeDecodeError):
            assert isinstance(b"\xff\xfe_\x81\x00".decode(name), str)


def _is_taken(label: str) -> bool:
    try:
        check_charset(label)
    except InvalidRequest:
        return False
    return True
