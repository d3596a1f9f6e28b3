"""Tests of sso."""
