"""Calls that renumber an account, exchange a meter, or move a customer out."""

from typing import Annotated

from fastapi import Body, Path
from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool

from mock_server.actions.sandboxes.customer_changes import exchange_meter, move_out, renumber_account
from mock_server.control.calls import calls
from mock_server.control.customers.customers import Changed, customer_shape
from mock_server.fixtures.words import Id
from mock_server.http.context import Context

router = calls("/customers/{id}")

_Id = Annotated[str, Path(alias="id")]


class Renumbering(BaseModel):
    """The number of the account to change, and the new number. Defaults: the first account, a random number."""

    model_config = ConfigDict(extra="forbid")

    account: str | None = None
    number: str | None = None


class MeterExchange(BaseModel):
    """The id of the service, and the new meter's serial number. Defaults: the first service, a random number."""

    model_config = ConfigDict(extra="forbid")

    service: str | None = None
    serial: Id | None = None


@router.post("/renumber")
async def renumber(
    context: Context, customer_id: _Id, wish: Annotated[Renumbering | None, Body()] = None
) -> Changed:
    """Give an account another number. Its resources keep their URLs; sign-in requires the new number."""
    sandbox, body = context.sandbox, wish or Renumbering()
    changed = await sandbox.run(
        sandbox.write_alone, renumber_account, customer_id, account=body.account, number=body.number
    )
    return Changed(customer=customer_shape(changed))


@router.post("/exchange-meter")
async def exchange(
    context: Context, customer_id: _Id, wish: Annotated[MeterExchange | None, Body()] = None
) -> Changed:
    """Replace the meter of a service from the next local midnight on."""
    sandbox, body = context.sandbox, wish or MeterExchange()
    changed = await sandbox.run(
        sandbox.write, exchange_meter, customer_id, service=body.service, serial=body.serial
    )
    return Changed(customer=customer_shape(changed))


@router.post("/move-out")
async def leave(context: Context, customer_id: _Id) -> Changed:
    """Move the customer out: authorizations expire, metering stops, and no client can be authorized."""
    sandbox = context.sandbox
    changed = await sandbox.run(sandbox.write, move_out, customer_id)
    await run_in_threadpool(context.services.catch_up, sandbox)
    return Changed(customer=customer_shape(changed))
