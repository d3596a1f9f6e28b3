"""What bulk files are called: the id that a client's authorizations are delivered under (ESPI 4.0, BR in a scope)."""

import re


def bulk_id_of(client_id: str) -> str:
    """The client's own bulk id, which is in the scope of all that customers allow it to be notified of."""
    return re.sub(r"[^A-Za-z0-9-]", "-", client_id)
