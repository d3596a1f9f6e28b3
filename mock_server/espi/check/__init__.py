"""The validator of Green Button documents: `mock-server validate`.

Bytes in, findings out. Knows no customer, no database and no clock; asks no network but for the document itself.
"""
