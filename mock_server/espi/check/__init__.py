"""The validator of Green Button documents: `mock-server validate`.

Turns bytes into findings. Uses no customers, database or clock, and the network only to read the document.
"""
