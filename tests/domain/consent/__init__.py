"""Tests of domain.consent."""
