"""The type of timestamps in bodies and queries: they require an offset and are converted to UTC."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from mock_server.domain.time.instants import in_utc

UtcInstant = Annotated[AwareDatetime, AfterValidator(in_utc)]
