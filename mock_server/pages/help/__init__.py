"""Help pages: the home page, data sharing, and error codes."""
