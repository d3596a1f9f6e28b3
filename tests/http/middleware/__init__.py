"""Tests of http.middleware."""
