"""Corrupts XML: malformed, or well-formed but invalid. Works on bytes, because a document may be large."""

import re

from mock_server.domain.records import FaultEffect
from mock_server.http.faults.response import Answer

_NUMBER = re.compile(rb"(<(?:\w+:)?(?:kind|start|duration|value|uom|currency|status)>)-?\d+(</)")
_LAST_TAG = re.compile(rb"</[^<>]+>\s*\Z")


def corrupt_xml(effect: FaultEffect, answer: Answer) -> Answer:
    """Malformed: the last tag is missing. Invalid: the first number is a word, or there is an unknown element."""
    if effect.xml is None or b"xml" not in answer.header(b"content-type"):
        return answer
    if effect.xml == "malformed":
        return answer.with_body(_LAST_TAG.sub(b"", answer.body))
    corrupted, changed = _NUMBER.subn(rb"\1many\2", answer.body, count=1)
    if not changed:
        corrupted = _LAST_TAG.sub(lambda found: b"<simulatedFault/>" + found.group(), answer.body)
    return answer.with_body(corrupted)
