"""Tariffs, bills, costs of readings, and the expected sums for tests."""
