"""The server in tests: `MockServer`, its asynchronous twin, and a client of the control API."""
