"""Serializers: records in, objects of the JSON API out, a file per object. No HTTP, no decisions."""
