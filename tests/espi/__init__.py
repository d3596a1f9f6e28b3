"""Tests of espi."""
