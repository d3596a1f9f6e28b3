"""Mutants of the package, and whether a test notices them."""
