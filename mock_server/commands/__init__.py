"""Commands that ask a running server, a group of them in each file: what they send, and how the answer is printed."""

from mock_server.commands import authorizing, changing, checking, failing, keeping, time_travel, watching

COMMANDS = (
    *time_travel.COMMANDS,
    *failing.COMMANDS,
    *authorizing.COMMANDS,
    *changing.COMMANDS,
    *watching.COMMANDS,
    *checking.COMMANDS,
    *keeping.COMMANDS,
)
