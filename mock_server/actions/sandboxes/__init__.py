"""Actions of a sandbox's owner: fill it, reset it, move its clock, arm faults."""
