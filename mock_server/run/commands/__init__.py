"""Commands that control a running server, one group per file."""

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
