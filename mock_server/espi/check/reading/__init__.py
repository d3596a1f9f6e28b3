"""Reads files, URLs and standard input into elements, in pieces and within limits."""
