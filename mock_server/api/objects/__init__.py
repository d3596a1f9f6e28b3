"""The JSON API's objects, a file each: their shape, and how they are serialized from records."""
