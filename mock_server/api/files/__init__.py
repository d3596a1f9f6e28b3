"""The data as files: CSV, a ZIP of bills, XML. Shares in, text or bytes out; no HTTP."""
