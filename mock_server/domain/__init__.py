"""Plain values and rules that describe a utility. No database, no web framework, no reading of the clock."""
