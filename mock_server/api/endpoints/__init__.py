"""The endpoints of the JSON API, a file per kind of object: access, filters, responses."""
