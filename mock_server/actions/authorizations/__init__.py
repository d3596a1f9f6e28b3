"""What happens to authorizations and their meters once they exist: revoked, expired, collected, changed."""
