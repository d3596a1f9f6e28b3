"""The objects of the JSON API (utilityapi.md §6): one schema each, for responses, the OpenAPI document and tests."""
