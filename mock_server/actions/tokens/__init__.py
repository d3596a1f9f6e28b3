"""Issues, checks and revokes codes and tokens."""
