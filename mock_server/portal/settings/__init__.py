"""A third party's settings."""
