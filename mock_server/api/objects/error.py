"""Refusal: the envelope of every error (utilityapi.md §8)."""

from mock_server.api.objects.shape import Shape


class Refusal(Shape):
    """A stable code, a sentence that names what to change, the page that explains the code, the journal's id."""

    error: str
    error_description: str
    url: str | None
    status_code: int
    request_id: str
