"""Tests of actions.reading."""
