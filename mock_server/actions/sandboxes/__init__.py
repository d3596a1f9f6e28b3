"""What the owner of a sandbox can do: fill it, reset it, move its clock, arm faults."""
