"""Tests of actions.tokens."""
