"""The endpoints of the JSON API, one file per kind of object: who may call, which filters, which object answers."""
