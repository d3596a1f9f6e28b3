"""Utility: a result of the look-up of utilities."""

from mock_server.api.objects.shape import Shape


class FoundUtility(Shape):
    """A utility, and where third parties register with it."""

    id: str
    name: str
    third_party_registration: str


class UtilityListing(Shape):
    """The utilities found."""

    utilities: list[FoundUtility]
