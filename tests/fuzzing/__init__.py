"""Fuzzing from the inside: a filled sandbox, what opens each operation, odd values, and what answers may be."""
