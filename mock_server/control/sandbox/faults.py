"""Calls that arm, list and disarm faults."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from mock_server.actions.sandboxes.faults import arm_faults, arm_preset, disarm, disarm_all, list_faults
from mock_server.control.calls import calls
from mock_server.domain.errors import InvalidRequest
from mock_server.domain.records import Fault, FaultEffect, FaultMatch, FaultPlan, When
from mock_server.http.context import Context

router = calls("/faults")


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
    when: When = "instead"
    times: int | None = None

    @model_validator(mode="after")
    def _check_plan(self) -> "Wish":
        self.plan()
        return self

    def plan(self) -> FaultPlan | None:
        """The described fault; None without an effect. Raises ValueError for a fault that is not possible."""
        if self.effect is None:
            return None
        return FaultPlan(match=self.match, effect=self.effect, when=self.when, times=self.times)


class Armed(BaseModel):
    """The armed faults. X-Simulated-Fault and the request log carry the `id`, which for a preset is its name."""

    id: str
    faults: list[Fault]


class FaultList(BaseModel):
    """Faults, in the order in which they were armed."""

    faults: list[Fault]


@router.post("", status_code=201)
async def arm(context: Context, wish: Wish) -> Armed:
    """Make matching requests fail."""
    sandbox = context.sandbox
    if wish.preset is not None:
        if wish.model_fields_set != {"preset"}:
            raise InvalidRequest(
                "`preset` was sent with other fields. Send `preset` alone, or describe the fault without it."
            )
        armed = await sandbox.run(sandbox.write_alone, arm_preset, wish.preset)
    elif (plan := wish.plan()) is None:
        raise InvalidRequest("The fault has no effect. Send `effect` or `preset`.")
    else:
        armed = await sandbox.run(sandbox.write_alone, arm_faults, plan)
    return Armed(id=armed[0].name, faults=armed)


@router.get("")
async def read_faults(context: Context) -> FaultList:
    """All faults armed since the last reset, including used-up ones."""
    sandbox = context.sandbox
    return FaultList(faults=await sandbox.run(sandbox.read, list_faults))


@router.delete("", status_code=204)
async def disarm_everything(context: Context) -> None:
    """Disarm all faults."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write_alone, disarm_all)


@router.delete("/{id}", status_code=204)
async def disarm_one(context: Context, fault_id: Annotated[str, Path(alias="id")]) -> None:
    """Disarm a fault by its id, or a preset by its name."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write_alone, disarm, fault_id)
