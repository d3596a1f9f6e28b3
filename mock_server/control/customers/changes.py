"""Calls that change a customer's account number, meter or home."""

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
    """Which account, by its number, and the new one; without them the first one, and a number that is drawn."""

    model_config = ConfigDict(extra="forbid")

    account: str | None = None
    number: str | None = None


class MeterExchange(BaseModel):
    """At which service, by its id, and the new meter's serial number; without them the first one, and one is drawn."""

    model_config = ConfigDict(extra="forbid")

    service: str | None = None
    serial: Id | None = None


@router.post("/renumber")
async def renumber(
    context: Context, customer_id: _Id, wish: Annotated[Renumbering | None, Body()] = None
) -> Changed:
    """Another number for the same account: its resources keep their addresses, and sign-in wants the new one."""
    sandbox, body = context.sandbox, wish or Renumbering()
    changed = await sandbox.run(
        sandbox.write_alone, renumber_account, customer_id, account=body.account, number=body.number
    )
    return Changed(customer=customer_shape(changed))


@router.post("/exchange-meter")
async def exchange(
    context: Context, customer_id: _Id, wish: Annotated[MeterExchange | None, Body()] = None
) -> Changed:
    """Another meter at the same service, from the next local midnight on."""
    sandbox, body = context.sandbox, wish or MeterExchange()
    changed = await sandbox.run(
        sandbox.write, exchange_meter, customer_id, service=body.service, serial=body.serial
    )
    return Changed(customer=customer_shape(changed))


@router.post("/move-out")
async def leave(context: Context, customer_id: _Id) -> Changed:
    """The customer leaves: their authorizations expire, nothing new is measured, nothing can be connected."""
    sandbox = context.sandbox
    changed = await sandbox.run(sandbox.write, move_out, customer_id)
    await run_in_threadpool(context.services.catch_up, sandbox)
    return Changed(customer=customer_shape(changed))
