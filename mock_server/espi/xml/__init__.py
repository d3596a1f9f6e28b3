"""One function per resource: a record in, its payload element out. No Atom, no HTTP, no database, no clock."""
