"""An INSERT that updates an existing row: both databases have it in the same form, standard SQL does not."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite

INSERTS: Final[Mapping[str, Callable[..., Any]]] = {  # two classes of the same shape
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
