"""Other people's Green Button libraries read what the server publishes, and find the engine's sums."""
