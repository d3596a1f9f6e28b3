"""Tests of actions.authorizations."""
