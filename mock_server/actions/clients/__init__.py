"""What happens to clients, authorizations and meters once they are there."""
