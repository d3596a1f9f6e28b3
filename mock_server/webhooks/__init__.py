"""What the utility sends to third parties: JSON events and Green Button notifications."""

from mock_server.webhooks.delivery import CaughtUp, catch_up, deliver_due
from mock_server.webhooks.probe import probe_webhooks

__all__ = ["CaughtUp", "catch_up", "deliver_due", "probe_webhooks"]
