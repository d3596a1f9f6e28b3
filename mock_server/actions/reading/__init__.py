"""Reads what an authorization shares with its client, now and later. Writes only when a batch will be ready."""
