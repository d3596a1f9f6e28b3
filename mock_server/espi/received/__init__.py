"""XML that clients send."""
