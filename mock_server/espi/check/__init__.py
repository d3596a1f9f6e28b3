"""Checks Green Button documents from anywhere, and says in sentences what to change: `mock-server validate`.

Bytes in, findings out. Knows no customer, no database and no clock; asks no network but for the document itself.
"""
