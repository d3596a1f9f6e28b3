"""Forms of the JSON API: created, opened, submitted."""
