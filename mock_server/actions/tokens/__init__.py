"""What the token endpoint gives, and what a token opens."""
