"""What an armed fault does to a request: another answer, a spoilt one, or one that is delivered badly.

Decides nothing about whose turn it is; `actions.world.faults` does.
"""

from mock_server.http.faults.apply import find_fault, strike
from mock_server.http.faults.callbacks import spoiling_callbacks
from mock_server.http.faults.connection import CONNECTION, Connection, WithConnection
from mock_server.http.faults.target import Victim

__all__ = [
    "CONNECTION",
    "Connection",
    "Victim",
    "WithConnection",
    "find_fault",
    "spoiling_callbacks",
    "strike",
]
