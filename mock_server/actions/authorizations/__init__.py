"""Actions on existing authorizations and their meters: revoke, expire, collect, change."""
