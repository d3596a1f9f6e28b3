"""Calls that observe: request log, messages, webhooks and deliveries, review, answer key, metrics."""
