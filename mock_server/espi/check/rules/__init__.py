"""The rules, in the order in which they run: each is a function that yields findings."""
