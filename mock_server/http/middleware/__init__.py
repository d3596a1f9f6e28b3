"""The steps of every request before it reaches a surface."""
