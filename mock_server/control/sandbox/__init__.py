"""Calls about the sandbox as a whole: its clock, its state, its faults."""
