"""What is fast and what is not. Run by `make bench`."""
