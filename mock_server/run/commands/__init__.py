"""Commands that control a running server, a group in each file: the request, and how the response is printed."""

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
