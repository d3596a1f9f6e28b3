"""Text from outside: encodings, parameters, headers, CSV, and what can be stored."""
