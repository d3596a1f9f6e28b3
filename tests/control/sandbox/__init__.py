"""Tests of control.sandbox."""
