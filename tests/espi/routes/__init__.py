"""Tests of espi.routes."""
