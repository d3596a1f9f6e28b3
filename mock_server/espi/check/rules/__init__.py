"""The rules, in the order in which they look: each is a function that yields what it finds."""
