"""The faults page: presets to arm, and the armed faults with their counts."""

from dataclasses import fields
from typing import Any

from starlette.responses import Response

from mock_server.actions.sandboxes.faults import arm_preset, disarm, disarm_all, list_faults
from mock_server.control.console.frame import FORMS, console_page, pages, to_console
from mock_server.domain.records import Fault, is_given
from mock_server.http.browser import checked_form
from mock_server.http.context import Context

router = pages("/console/faults")


@router.get("")
async def show(context: Context) -> Response:
    """The presets, and the faults armed since the last reset."""
    sandbox, links = context.sandbox, context.links
    armed = await sandbox.run(sandbox.read, list_faults)
    return console_page(
        context,
        "faults.html",
        here="Faults",
        presets=[{"id": preset.id, "about": preset.about} for preset in sandbox.fixtures.presets],
        faults=[_row(fault) for fault in armed],
        arm_action=links.page("_mock", "console", "faults", "arm"),
        disarm_action=links.page("_mock", "console", "faults", "disarm"),
        base_url=links.base,
    )


@router.post("/arm")
async def arm(context: Context) -> Response:
    """Arm a preset."""
    form, sandbox = await checked_form(context, FORMS), context.sandbox
    await sandbox.run(sandbox.write_alone, arm_preset, form.one("preset") or "")
    return to_console(context, "faults")


@router.post("/disarm")
async def take_back(context: Context) -> Response:
    """Disarm the fault with this id, or all faults."""
    form, sandbox = await checked_form(context, FORMS), context.sandbox
    if fault_id := form.one("fault"):
        await sandbox.run(sandbox.write_alone, disarm, fault_id)
    else:
        await sandbox.run(sandbox.write_alone, disarm_all)
    return to_console(context, "faults")


def _row(fault: Fault) -> dict[str, object]:
    left = "until disarmed" if fault.times_left is None else f"{fault.times_left} more"
    return {
        "id": fault.id,
        "name": fault.name,
        "match": _describe(fault.match) or "every request",
        "effect": _describe(fault.effect),
        "when": fault.when,
        "left": "none" if fault.times_left == 0 else left,
        "counted": f"{fault.fired} of {fault.seen}",
    }


def _describe(record: Any) -> str:  # FaultMatch or FaultEffect, whose fields are all optional
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    return ", ".join(f"{name} {_format_value(value)}" for name, value in values.items() if is_given(value))


def _format_value(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {text}" for name, text in value.items())
    return "yes" if value is True else str(value)
