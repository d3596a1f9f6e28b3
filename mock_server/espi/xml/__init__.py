"""Payload elements, one function per resource: record in, element out. No Atom, HTTP, database or clock."""
