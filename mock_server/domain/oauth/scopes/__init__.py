"""The scope string of Green Button Connect (`FB=4_16_51;AdditionalScope=noedit`), to a record and back.

`;` separates parameters. `_` separates the options of AdditionalScope but also occurs inside their values, so
an underscore counts as a separator only where a known option follows (`SEAM`); where that would cut an auth
value, the printer writes `%5F`. The text is what one URL decoding leaves: an auth value is decoded once more
and may hold spaces and any letter; everything else is visible ASCII (RFC 6749 §3.3 scope-token).

Refuses, with InvalidScope: a scope without function blocks, two scopes at once, and whatever would be read
back as something else. Knows no client, no customer and no clock.
"""

from mock_server.domain.oauth.scopes.options import Authentication
from mock_server.domain.oauth.scopes.scope import Scope, parse_scope, print_scope

__all__ = ["Authentication", "Scope", "parse_scope", "print_scope"]
