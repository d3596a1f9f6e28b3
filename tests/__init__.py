"""The tests mirror the package; `journeys/` holds whole stories over HTTP."""
