"""What the databases spell alike and standard SQL does not have: an INSERT that updates the row which is there."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite

INSERTS: Final[Mapping[str, Callable[..., Any]]] = {  # two classes of the same shape
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
