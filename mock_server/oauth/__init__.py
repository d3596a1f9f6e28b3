"""The back channel: what the third party's server calls to get tokens and to manage them. No pages."""

from fastapi import APIRouter

from mock_server.oauth import discovery, introspect, jwks, par, register, revoke, token
from mock_server.oauth.errors import render_error
from mock_server.paths import METADATA, REGISTER
from mock_server.surface import Surface

router = APIRouter()
for _part in (token, revoke, introspect, par, register, discovery, jwks):
    router.include_router(_part.router)

SURFACE = Surface(
    name="oauth",
    router=router,
    prefixes=(METADATA, REGISTER),
    suffixes=tuple(f"/oauth/{one}" for one in ("token", "revoke", "introspect", "par", "jwks")),
    render_error=render_error,
)
