"""Plain values and rules: what a utility consists of. No database, no web, no clock of its own."""
