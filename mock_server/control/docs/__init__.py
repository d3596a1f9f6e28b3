"""The documentation of the control API: an OpenAPI document, and a page without scripts that works offline."""
