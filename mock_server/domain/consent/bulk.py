"""The bulk id of a client, under which its authorizations are delivered (ESPI 4.0, `BR` in a scope)."""

import re


def bulk_id_of(client_id: str) -> str:
    """Returns a client's bulk id, which is in the scope of its authorizations with notifications."""
    return re.sub(r"[^A-Za-z0-9-]", "-", client_id)
