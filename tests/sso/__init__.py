"""Tests of the utility's OpenID provider."""
