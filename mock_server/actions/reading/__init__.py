"""What an authorization lets a client read, now and later. Writes almost nothing."""
