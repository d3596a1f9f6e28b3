"""Calls of every operation from the inside, drawn or written down."""
