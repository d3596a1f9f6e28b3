"""Calls about customers, clients and the authorizations between them."""
