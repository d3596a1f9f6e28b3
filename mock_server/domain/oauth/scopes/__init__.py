"""Parses and prints scope strings of Green Button Connect (`FB=4_16_51;AdditionalScope=noedit`; RFC 6749 §3.3).

`;` separates parameters. `_` separates the options of AdditionalScope but also occurs in their values, so it is a
separator only before a known option (`SEPARATOR`); where that would split an auth value, the printer writes `%5F`.
The input was URL-decoded once. Auth values are decoded once more and may contain spaces and any letter; everything
else is visible ASCII (RFC 6749 §3.3 scope-token).

Raises InvalidScope for a scope without function blocks, for two scopes, and for a scope that would be read back as
another one. Does not depend on clients, customers or time.
"""

from mock_server.domain.oauth.scopes.options import Authentication
from mock_server.domain.oauth.scopes.scope import Scope, parse_scope, print_scope

__all__ = ["Authentication", "Scope", "parse_scope", "print_scope"]
