"""Tests of espi.xml."""
