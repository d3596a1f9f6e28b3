"""Effects of an armed fault on a request: another response, a corrupted one, or one that is delivered badly.

`actions.sandboxes.faults` decides which fault matches a request.
"""

from mock_server.http.faults.apply import apply_fault, find_fault
from mock_server.http.faults.callbacks import corrupting_callbacks
from mock_server.http.faults.connection import CONNECTION, Connection, WithConnection
from mock_server.http.faults.target import FaultTarget

__all__ = [
    "CONNECTION",
    "Connection",
    "FaultTarget",
    "WithConnection",
    "apply_fault",
    "corrupting_callbacks",
    "find_fault",
]
