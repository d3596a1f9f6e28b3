"""Many at once, and what befalls a server: kills. At length by `make soak`."""
