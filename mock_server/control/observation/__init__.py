"""Calls that observe clients: their requests, our messages to them, the review and the answer key."""
