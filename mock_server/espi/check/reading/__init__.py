"""Reads a file, a URL or standard input into elements, in pieces and within limits."""
