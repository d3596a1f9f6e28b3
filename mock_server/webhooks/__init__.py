"""Outgoing: what the utility tells third parties unasked, as JSON events and as Green Button notifications."""

from mock_server.webhooks.delivery import CaughtUp, catch_up, deliver_due
from mock_server.webhooks.probe import probe_webhooks

__all__ = ["CaughtUp", "catch_up", "deliver_due", "probe_webhooks"]
