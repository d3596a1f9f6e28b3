"""The third party's own account, which every object of the JSON API names."""

from dataclasses import dataclass

from mock_server.actions.clients import find_client
from mock_server.sandbox import Sandbox

_FIRST, _COUNT = 10_000, 90_000


@dataclass(frozen=True)
class ThirdParty:
    """Who owns what a list shows: `user_uid` and `user_email` of the client's account, and the utility's id."""

    uid: str
    email: str
    utility: str


def third_party(sandbox: Sandbox, client_id: str) -> ThirdParty:
    """The account of a client."""
    with sandbox.store.reading() as rows:
        client = find_client(rows, client_id)
    uid = _FIRST + sandbox.chance.stream("third party", client_id).integer(_COUNT)
    email = client.contact_email if client else ""
    return ThirdParty(str(uid), email, sandbox.fixtures.utility.id)
