"""Tariffs, bills and costs, and the sums that a client should arrive at."""
