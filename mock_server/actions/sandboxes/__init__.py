"""What only the owner of a sandbox can do: fill it, reset it, move its clock, let it fail."""
