"""Tests of charts and PDF bills."""
