"""Pages that explain: the home page, data sharing, and every error."""
