"""The server in tests: pytest fixtures, `MockServer`, its asynchronous twin, and a client of the control API."""
