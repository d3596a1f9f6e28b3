"""Suggests a URL for a path that does not exist."""

import difflib
from typing import Final

from mock_server.urls import METADATA, REGISTER, RESOURCE

_BASES: Final = {
    RESOURCE: "It is the base of Green Button: the resourceURI of a token answer is the whole address.",
    "/api/v2": "It is the base of the JSON API: /authorizations, /meters and others follow; /openapi.json has all.",
    "/sso": "It is the utility's log-in: /.well-known/openid-configuration follows.",
    "/oauth": "It is the base of OAuth: /authorize, /token and others follow.",
    "/DataCustodian/oauth": "It is the base of OAuth: /authorize, /token and others follow.",
}
_OAUTH: Final = ("authorize", "token", "revoke", "introspect", "par", "jwks")
ADDRESSES: Final = (
    METADATA,
    REGISTER,
    f"{RESOURCE}/ReadServiceStatus",
    *(f"{base}/{name}" for base in ("/oauth", "/DataCustodian/oauth") for name in _OAUTH),
    *(f"/api/v2/{name}" for name in ("authorizations", "meters", "bills", "intervals", "forms", "events")),
    "/sso/.well-known/openid-configuration",
    "/my-authorizations",
    "/dashboard",
    "/third-party/register",
    "/openapi.json",
    "/_mock/health",
    "/_mock/clients",
    "/_mock/customers",
    "/_mock/docs",
)
"""Paths that people mistype. None is a pattern."""


def suggestion(path: str) -> str:
    """A sentence with the URL that was probably meant."""
    base = _BASES.get(path.rstrip("/"))
    if base is not None:
        return base
    near = difflib.get_close_matches(path, ADDRESSES, n=1, cutoff=0.85)
    return f"Did you mean {near[0]}?" if near else "The first page of this server lists its addresses."
