"""Scopes, redirect URIs, registrations, key sets and credentials."""
