"""The bulk id of a client, under which its authorizations are delivered (ESPI 4.0, `BR` in a scope)."""

import re
from datetime import timedelta
from typing import Final

BULK_LIFETIME: Final = timedelta(days=3)
"""How long a bulk file named by a notification can be read."""


def bulk_id_of(client_id: str) -> str:
    """Returns a client's bulk id, which is in the scope of its authorizations with notifications."""
    return re.sub(r"[^A-Za-z0-9-]", "-", client_id)
