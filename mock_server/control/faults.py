"""Faults on purpose: armed, listed, disarmed."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from mock_server.actions.world.faults import arm_faults, arm_preset, disarm, disarm_all, list_faults
from mock_server.core.errors import InvalidRequest
from mock_server.core.records import Fault, FaultEffect, FaultMatch, FaultPlan
from mock_server.surface import sandbox_of

router = APIRouter(prefix="/faults")


class Wish(BaseModel):
    """A fault, or the name of a preset."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"match": {"path": "/api/v2/*"}, "effect": {"status": 503}, "times": 1}]
        },
    )

    preset: str | None = None
    match: FaultMatch = Field(default_factory=FaultMatch)
    effect: FaultEffect | None = None
    when: Literal["instead", "after"] = "instead"
    times: int | None = Field(None, ge=1, le=1_000_000)


class FaultShape(BaseModel):
    """An armed fault. `times_left` null: until disarmed; 0: spent."""

    id: str
    preset: str | None
    match: FaultMatch
    effect: FaultEffect
    when: Literal["instead", "after"]
    times_left: int | None
    seen: int
    fired: int
    created: datetime


class Armed(BaseModel):
    """What was armed. The `id` stands in X-Simulated-Fault and in the journal; of a preset it is the name."""

    id: str
    faults: list[FaultShape]


class FaultList(BaseModel):
    """Faults in order of their arming."""

    faults: list[FaultShape]


@router.post("", status_code=201)
async def arm(request: Request, wish: Wish) -> Armed:
    """Let the coming requests that match fail in the way told."""
    sandbox = sandbox_of(request)
    if wish.preset is not None:
        if wish.model_fields_set != {"preset"}:
            raise InvalidRequest("A preset brings everything with it: send `preset` alone.")
        armed = await sandbox.run(arm_preset, sandbox, wish.preset)
    elif wish.effect is None:
        raise InvalidRequest("Say what happens: send `effect`, or `preset`.")
    else:
        plan = FaultPlan(match=wish.match, effect=wish.effect, when=wish.when, times=wish.times)
        armed = await sandbox.run(arm_faults, sandbox, plan)
    return Armed(id=armed[0].name, faults=[_shape(fault) for fault in armed])


@router.get("")
async def read_faults(request: Request) -> FaultList:
    """All that were armed since the last reset, spent ones included."""
    sandbox = sandbox_of(request)
    return FaultList(faults=[_shape(fault) for fault in await sandbox.run(list_faults, sandbox)])


@router.delete("", status_code=204)
async def disarm_everything(request: Request) -> None:
    """Let everything work again."""
    sandbox = sandbox_of(request)
    await sandbox.run(disarm_all, sandbox)


@router.delete("/{id}", status_code=204)
async def disarm_one(request: Request, fault_id: Annotated[str, Path(alias="id")]) -> None:
    """Disarm a fault by its id, or a preset by its name."""
    sandbox = sandbox_of(request)
    await sandbox.run(disarm, sandbox, fault_id)


def _shape(fault: Fault) -> FaultShape:
    return FaultShape(**{name: getattr(fault, name) for name in FaultShape.model_fields})
