"""Which texts can be kept, by themselves and inside JSON."""

import json

import pytest

from mock_server.domain.text.storable_text import can_be_kept, json_can_be_kept

ODD = ["\x00", "a\x00b", "\ud800", "\udfff"]
PLAIN = ["", "a", "\x01", "\ud7ff", "\ue000", "😀"]


@pytest.mark.parametrize(("texts", "expected"), [(ODD, False), (PLAIN, True)])
def test_a_nul_or_half_a_surrogate_pair_cannot_be_kept(texts: list[str], expected: bool) -> None:
    for text in texts:
        documents = [text, [1, [text]], {"a": {"b": text}}, {text: None}]
        assert can_be_kept(text) is expected
        assert {json_can_be_kept(json.dumps(one).encode()) for one in documents} == {expected}, ascii(text)


@pytest.mark.parametrize("document", [rb"\u0000", rb'{"a": "\u0000"', rb'["\ud800" 1]', b"\xff\\u0000"])
def test_what_is_no_json_passes_here(document: bytes) -> None:
    assert json_can_be_kept(document) is True, "whoever reads it says what is wrong"
