"""Text from and for the outside: charsets, parameters, headers, CSV, and limits on stored text."""
