"""The validator of Green Button documents: `mock-server validate`.

Bytes in, findings out. No customer, database or clock; the network is used only to read the document.
"""
