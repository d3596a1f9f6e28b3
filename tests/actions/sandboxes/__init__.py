"""Tests of actions.sandboxes."""
