"""Tests of domain.signing_in."""
