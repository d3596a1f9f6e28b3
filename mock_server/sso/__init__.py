"""The utility's own OpenID provider, with which its customers log in (OpenID Connect Core and Discovery)."""

from fastapi import APIRouter

from mock_server.sso import authorize, discovery, log_out, token, userinfo
from mock_server.sso.errors import render_error
from mock_server.surface import Surface

router = APIRouter(prefix="/sso", tags=["Single sign-on"])
for _part in (discovery, authorize, log_out, token, userinfo):
    router.include_router(_part.router)

SURFACE = Surface(name="sso", router=router, prefixes=("/sso/",), render_error=render_error)
