"""Tests of domain.text."""
