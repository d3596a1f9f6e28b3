"""Tests of domain.time."""
