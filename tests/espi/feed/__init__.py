"""Tests of espi.feed."""
