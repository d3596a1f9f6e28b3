"""Tests of the demo client."""
