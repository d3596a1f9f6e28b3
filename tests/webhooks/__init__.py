"""What is sent unasked."""
