"""Tests of espi.content."""
