"""Calls that export and import the sandbox as one JSON document."""

from dataclasses import fields
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mock_server.actions.sandboxes.state import SandboxDocument, export_state, import_state, record_kinds
from mock_server.control.calls import calls
from mock_server.control.instants import UtcInstant
from mock_server.control.sandbox.clock import ClockShape
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.records import AutoApproval
from mock_server.domain.text.expectations import expectation, place_of
from mock_server.http.context import Context
from mock_server.sandbox import Sandbox

router = calls("/state")

VERSION = 1
_FORMAT: Literal["mock-server state"] = "mock-server state"


class StateClock(BaseModel):
    """The time of the clock at the export, and whether it was frozen."""

    model_config = ConfigDict(extra="forbid")

    now: UtcInstant
    frozen: bool


class StateApproval(BaseModel):
    """The automatic approval that was set at the export."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = False
    times: int | None = Field(None, ge=0, le=1_000_000)
    decision: Literal["approve", "decline"] = "approve"


class StateDocument(BaseModel):
    """A sandbox without its request log. It contains the clients' secrets; codes and tokens are hashes."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["mock-server state"]
    version: int = Field(description=f"Must be {VERSION}.")
    utility: str
    seed: str = Field(
        description="The seed of the generated readings. The importing server must have the same."
    )
    clock: StateClock
    auto_approval: StateApproval = Field(default_factory=StateApproval)
    counters: dict[str, Annotated[int, Field(ge=0, lt=10**17)]] = Field(
        description="The last number of each sequence of ids."
    )
    records: dict[str, list[dict[str, Any]]] = Field(description="All records, by kind.")


@router.get("")
async def export(context: Context) -> StateDocument:
    """The sandbox as a document. PUT imports it, on this server or another with the same utility and seed."""
    sandbox = context.sandbox
    return await sandbox.run(_export, sandbox)


@router.put("")
async def put(context: Context, document: StateDocument) -> ClockShape:
    """Replace the sandbox with the document and clear the request log. An invalid document changes nothing."""
    if document.version != VERSION:
        raise InvalidParameter(
            f"This state has version {document.version}, but this server reads version {VERSION}. Export it again."
        )
    sandbox = context.sandbox
    await sandbox.run(_import, sandbox, document)
    state = await sandbox.run(sandbox.clock.read_state)
    return ClockShape(now=sandbox.clock.at(state), frozen=state.frozen is not None)


def _export(sandbox: Sandbox) -> StateDocument:
    state = sandbox.read(export_state)
    kinds = sandbox.read(record_kinds)
    return StateDocument(
        format=_FORMAT,
        version=VERSION,
        utility=state.utility,
        seed=state.seed,
        clock=StateClock(now=state.now, frozen=state.is_frozen),
        auto_approval=StateApproval(**vars(state.auto_approval)),
        counters=dict(state.counters),
        records={
            name: _list_of(kinds[name]).dump_python(list(found), mode="json")
            for name, found in state.records.items()
        },
    )


def _import(sandbox: Sandbox, document: StateDocument) -> None:
    kinds = sandbox.read(record_kinds)
    records = {}
    for name, items in document.records.items():
        if name not in kinds:
            raise InvalidParameter(
                f"The state cannot be used: records.{name[:40]} is unknown. Known kinds: {', '.join(kinds)}."
            )
        records[name] = _read(name, kinds[name], items)
    state = SandboxDocument(
        utility=document.utility,
        seed=document.seed,
        now=document.clock.now,
        is_frozen=document.clock.frozen,
        auto_approval=AutoApproval(**document.auto_approval.model_dump()),
        counters=document.counters,
        records=records,
    )
    import_state(sandbox, state)


def _list_of(kind: type[Any]) -> TypeAdapter[list[Any]]:
    return _adapter(kind)  # type: ignore[arg-type]  # a class is hashable


@cache
def _adapter(kind: Any) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[kind])


def _read(name: str, kind: type[Any], items: list[dict[str, Any]]) -> list[Any]:
    """The records of a kind. Raises InvalidParameter, which names the path of the first mistake."""
    known = {field.name for field in fields(kind)}
    for index, item in enumerate(items):
        unknown = sorted(set(item) - known)
        if unknown:
            raise InvalidParameter(
                f"The state cannot be used: records.{name}.{index} has an unknown field {unknown[0][:40]!r}."
            )
    try:
        found: list[Any] = _list_of(kind).validate_python(items)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidParameter(
            f"The state cannot be used: records.{name}.{place_of(first)}: {expectation(first)}."
        ) from error
    return found
