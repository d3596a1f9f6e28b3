"""Tests of control.observation."""
