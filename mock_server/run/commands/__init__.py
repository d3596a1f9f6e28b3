"""Commands that ask a running server, a group of them in each file: what they send, and how the answer is printed."""

from mock_server.run.commands import authorize, check, clock, customer_changes, faults, observe, state

COMMANDS = (
    *clock.COMMANDS,
    *faults.COMMANDS,
    *authorize.COMMANDS,
    *customer_changes.COMMANDS,
    *observe.COMMANDS,
    *check.COMMANDS,
    *state.COMMANDS,
)
