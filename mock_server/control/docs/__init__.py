"""The documentation of the control API: an OpenAPI document, and a page that needs no network and no script."""
