"""Forms of the JSON API: made, opened, submitted."""
