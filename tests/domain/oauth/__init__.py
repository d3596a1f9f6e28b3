"""Tests of domain.oauth."""
