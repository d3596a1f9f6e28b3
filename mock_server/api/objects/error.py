"""Refusal: the envelope of every error (utilityapi.md §8)."""

from mock_server.api.objects.shape import Shape


class Refusal(Shape):
    """A stable code, a sentence that says what to change, a page about the code, and the request id."""

    error: str
    error_description: str
    url: str | None
    status_code: int
    request_id: str
