"""Calls for snapshots of the sandbox."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from mock_server.actions.sandboxes.snapshots import (
    list_snapshots,
    remove_snapshot,
    restore_snapshot,
    take_snapshot,
)
from mock_server.control.calls import calls
from mock_server.domain.records import Snapshot
from mock_server.domain.text.storable_text import SNAPSHOT_NAME
from mock_server.http.context import Context

router = calls("/snapshots")

SnapshotName = Annotated[str, Field(pattern=f"^{SNAPSHOT_NAME}$")]


class Wish(BaseModel):
    """What to call it; without a name it gets a number. One of the same name is replaced."""

    model_config = ConfigDict(extra="forbid")

    name: SnapshotName | None = None


class SnapshotShape(BaseModel):
    """A snapshot. `taken` is what the sandbox's clock showed, and shows again after the restore."""

    name: str
    taken: datetime


class SnapshotList(BaseModel):
    """Snapshots by name."""

    snapshots: list[SnapshotShape]


@router.post("", status_code=201)
async def take(context: Context, wish: Wish | None = None) -> SnapshotShape:
    """Keep the sandbox as it is now: records, tokens, clock, faults. It survives a reset."""
    sandbox = context.sandbox
    return _shape(await sandbox.run(sandbox.write_alone, take_snapshot, wish.name if wish else None))


@router.get("")
async def read_snapshots(context: Context) -> SnapshotList:
    """All snapshots of this sandbox."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_snapshots)
    return SnapshotList(snapshots=[_shape(one) for one in found])


@router.post("/{name}/restore")
async def restore(context: Context, name: str) -> SnapshotShape:
    """Go back to it: ids and tokens of then work again, and the journal is emptied."""
    sandbox = context.sandbox
    return _shape(await sandbox.run(restore_snapshot, sandbox, name))


@router.delete("/{name}", status_code=204)
async def remove(context: Context, name: str) -> None:
    """Forget it."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write_alone, remove_snapshot, name)


def _shape(one: Snapshot) -> SnapshotShape:
    return SnapshotShape(name=one.name, taken=one.taken)
