"""Selects and orders the entries of a document."""
