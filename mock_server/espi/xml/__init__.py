"""Renders records as payload elements, one function per resource. No Atom, HTTP, database or clock."""
