"""Tests of domain.network."""
