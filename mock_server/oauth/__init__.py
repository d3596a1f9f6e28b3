"""The back channel: what the third party's server calls to get tokens and to manage them. No pages."""

from fastapi import APIRouter

from mock_server.oauth import discovery, introspect, register, revoke, token
from mock_server.oauth.errors import render_error
from mock_server.paths import METADATA, REGISTER
from mock_server.surface import Surface

router = APIRouter()
for _part in (token, revoke, introspect, register, discovery):
    router.include_router(_part.router)

SURFACE = Surface(
    name="oauth",
    router=router,
    prefixes=(METADATA, REGISTER),
    suffixes=("/oauth/token", "/oauth/revoke", "/oauth/introspect"),
    render_error=render_error,
)
