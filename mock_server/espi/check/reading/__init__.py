"""From a file, an address or standard input to the elements of a document, in pieces and within limits."""
