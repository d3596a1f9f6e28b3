"""Tests of domain.usage."""
