"""The back channel: what the third party's server calls to get tokens (RFC 6749 §3.2). No pages."""

from mock_server.oauth.errors import render_error
from mock_server.oauth.token import router
from mock_server.surface import Surface

SURFACE = Surface(name="oauth", router=router, suffixes=("/oauth/token",), render_error=render_error)
