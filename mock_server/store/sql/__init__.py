"""The SQL of the store: statements, connections, opening a database, and drivers' errors."""
