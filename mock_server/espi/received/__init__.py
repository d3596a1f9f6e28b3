"""Parses XML that clients send."""
