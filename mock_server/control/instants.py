"""An instant in a body or a query: with its offset, and kept in UTC."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from mock_server.domain.time.instants import in_utc

UtcInstant = Annotated[AwareDatetime, AfterValidator(in_utc)]
