"""The control API describes itself: as an OpenAPI document, and as a page that needs no network and no script."""
