"""What an authorization lets a client read, now and as time goes on. Writes next to nothing."""
