"""What happens to every request before it reaches a surface."""
