"""Tests of domain.billing."""
