"""Sends events, notifications and messages to third parties and customers, and schedules them."""
