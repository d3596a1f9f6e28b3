"""Tests of a third party's settings."""
