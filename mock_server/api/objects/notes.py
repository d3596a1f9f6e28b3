"""Serializes the notes and file links that every object has."""

from mock_server.api.objects.shape import Export, Note
from mock_server.api.times import in_utc
from mock_server.domain.consent import life_cycle

_NAMES = {
    "bills_combined_csv": "Bills (CSV)",
    "meters_csv": "Meters (CSV)",
    "bills_csv": "Bills (CSV)",
    "bills_zip": "Bills (ZIP of PDF)",
    "latest_pdf": "Latest bill (PDF)",
    "intervals_csv": "Intervals (CSV)",
    "intervals_xml": "Intervals (XML)",
}


def serialize_notes(notes: tuple[life_cycle.Note, ...]) -> list[Note]:
    """A note about the collection of data."""
    return [_note(note) for note in notes]


def _note(note: life_cycle.Note) -> Note:
    if note.eta is None:
        return Note(type=note.type, msg=note.message, ts=in_utc(note.at))
    return Note(type=note.type, msg=note.message, ts=in_utc(note.at), eta=in_utc(note.eta))


def serialize_exports(links: dict[str, str]) -> list[Export]:
    """The same links as a list, with display names."""
    return [Export(name=_NAMES[kind], link=link) for kind, link in links.items()]
