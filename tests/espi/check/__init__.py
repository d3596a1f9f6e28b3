"""Tests of espi.check."""
