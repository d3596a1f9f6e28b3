"""The clock, timestamps, durations, time zones, billing periods and holidays."""
