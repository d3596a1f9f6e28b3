"""Which entries an authorization shows, and in which order."""
