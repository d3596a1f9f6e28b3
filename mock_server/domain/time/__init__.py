"""The clock, instants, durations, time zones, billing periods and holidays."""
