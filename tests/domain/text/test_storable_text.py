"""Which texts can be stored, alone and in JSON."""

import json

import pytest

from mock_server.domain.text.storable_text import can_be_stored, json_can_be_stored

UNSTORABLE = ["\x00", "a\x00b", "\ud800", "\udfff"]
PLAIN = ["", "a", "\x01", "\ud7ff", "\ue000", "😀"]


@pytest.mark.parametrize(("texts", "expected"), [(UNSTORABLE, False), (PLAIN, True)])
def test_a_nul_or_half_a_surrogate_pair_cannot_be_stored(texts: list[str], expected: bool) -> None:
    for text in texts:
        documents = [text, [1, [text]], {"a": {"b": text}}, {text: None}]
        assert can_be_stored(text) is expected
        assert {json_can_be_stored(json.dumps(document).encode()) for document in documents} == {expected}, (
            ascii(text)
        )


@pytest.mark.parametrize("document", [rb"\u0000", rb'{"a": "\u0000"', rb'["\ud800" 1]', b"\xff\\u0000"])
def test_invalid_json_is_left_to_its_reader(document: bytes) -> None:
    assert json_can_be_stored(document) is True, "its reader reports the error"
