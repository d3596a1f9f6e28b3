"""The rules: functions that yield findings."""
