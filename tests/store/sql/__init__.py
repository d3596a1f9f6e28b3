"""Tests of store.sql."""
