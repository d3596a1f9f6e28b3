"""Tests of control.customers."""
