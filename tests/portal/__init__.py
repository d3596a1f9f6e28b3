"""Tests of the third party's pages."""
