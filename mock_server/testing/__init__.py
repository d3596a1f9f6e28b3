"""The server for tests: `MockServer`, its asynchronous version, and a client of the control API."""
