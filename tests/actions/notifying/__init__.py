"""Tests of actions.notifying."""
