"""How customers are recognized: account numbers, matching, aliases."""
