"""Tests of the authorization server's endpoints."""
