"""SQL underneath the store: statements, connections, opening a database, and what drivers raise."""
