"""OAuth 2.0 rules: scopes, redirect URIs, registration, key sets, credentials, token validity."""
