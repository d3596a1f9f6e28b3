"""Atom feeds as bytes: entries, interval blocks, ids, caching and delivery."""
