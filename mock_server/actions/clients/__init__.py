"""Registers, finds, authenticates, changes and approves clients."""
