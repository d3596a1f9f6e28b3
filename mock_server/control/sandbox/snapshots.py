"""Calls that take, list, restore and delete snapshots of the sandbox."""

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
    """The snapshot's name; default: a number. An existing snapshot of the same name is replaced."""

    model_config = ConfigDict(extra="forbid")

    name: SnapshotName | None = None


class SnapshotShape(BaseModel):
    """A snapshot. `taken` is the time of the sandbox's clock, which a restore sets again."""

    name: str
    taken: datetime


class SnapshotList(BaseModel):
    """Snapshots by name."""

    snapshots: list[SnapshotShape]


@router.post("", status_code=201)
async def take(context: Context, wish: Wish | None = None) -> SnapshotShape:
    """Take a snapshot of the sandbox: records, tokens, clock, faults. It survives a reset."""
    sandbox = context.sandbox
    return _shape(await sandbox.run(sandbox.write_alone, take_snapshot, wish.name if wish else None))


@router.get("")
async def read_snapshots(context: Context) -> SnapshotList:
    """All snapshots of this sandbox."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_snapshots)
    return SnapshotList(snapshots=[_shape(snapshot) for snapshot in found])


@router.post("/{name}/restore")
async def restore(context: Context, name: str) -> SnapshotShape:
    """Restore a snapshot. Its ids and tokens work again; the request log is cleared."""
    sandbox = context.sandbox
    return _shape(await sandbox.run(restore_snapshot, sandbox, name))


@router.delete("/{name}", status_code=204)
async def remove(context: Context, name: str) -> None:
    """Delete a snapshot."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.write_alone, remove_snapshot, name)


def _shape(snapshot: Snapshot) -> SnapshotShape:
    return SnapshotShape(name=snapshot.name, taken=snapshot.taken)
