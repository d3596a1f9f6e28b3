"""What meters measure: profiles, weather, power and readings."""
