"""Simulation of meters: profiles, weather, power and readings."""
