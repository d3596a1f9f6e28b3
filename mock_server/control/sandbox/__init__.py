"""Calls that control a sandbox: its clock, faults, state and snapshots, and the list of sandboxes."""
