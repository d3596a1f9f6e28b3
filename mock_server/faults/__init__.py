"""What an armed fault does to a request: another answer, a spoilt one, or one that is delivered badly.

Decides nothing about whose turn it is; `actions.world.faults` does.
"""

from mock_server.faults.connection import CONNECTION, Connection, WithConnection
from mock_server.faults.strike import Victim, find_fault, strike

__all__ = ["CONNECTION", "Connection", "Victim", "WithConnection", "find_fault", "strike"]
