"""What every request passes, and what all surfaces share."""
