"""The clock page: buttons advance, freeze, set and reset the sandbox's clock."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from starlette.responses import Response

from mock_server.actions.sandboxes.clock import advance_clock, set_clock
from mock_server.control.console.frame import FORMS, console_page, pages, to_console
from mock_server.control.sandbox.moving import moved_by
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.time.instants import in_utc
from mock_server.http.browser import checked_form
from mock_server.http.context import Context

router = pages("/console/clock")

_STEPS: Final = {
    "hour": ("+1 hour", timedelta(hours=1)),
    "day": ("+1 day", timedelta(days=1)),
    "month": ("+1 month (30 days)", timedelta(days=30)),
}


@router.get("")
async def show(context: Context) -> Response:
    """The current time, and the forms that change it."""
    sandbox, links = context.sandbox, context.links
    state = await sandbox.run(sandbox.clock.read_state)
    now = sandbox.clock.at(state)
    return console_page(
        context,
        "clock.html",
        here="Clock",
        now=f"{now:%Y-%m-%d %H:%M:%S}",
        now_value=f"{now:%Y-%m-%dT%H:%M:%S}",
        is_frozen=state.frozen is not None,
        is_real=state.frozen is None and not state.offset,
        steps=[{"value": name, "label": label} for name, (label, _) in _STEPS.items()],
        action=links.page("_mock", "console", "clock"),
    )


@router.post("")
async def move(context: Context) -> Response:
    """Change the clock once. Everything that is due by then is done before the redirect."""
    form, sandbox = await checked_form(context, FORMS), context.sandbox
    if step := form.one("step"):
        if step not in _STEPS:
            raise InvalidParameter(f"`step` must be one of {', '.join(_STEPS)}.")
        change = partial(sandbox.write_alone, advance_clock, _STEPS[step][1])
    elif form.one("real"):
        change = partial(sandbox.write_alone, set_clock, now=sandbox.clock.machine_now(), frozen=False)
    elif frozen := form.one("frozen"):
        change = partial(sandbox.write_alone, set_clock, now=None, frozen=frozen == "yes")
    else:
        change = partial(sandbox.write_alone, set_clock, now=_instant(form.one("now") or ""), frozen=None)
    await moved_by(context, change)
    return to_console(context, "clock")


def _instant(text: str) -> datetime:
    """The value of a `datetime-local` field, read as UTC. Raises InvalidParameter."""
    try:
        instant = in_utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise InvalidParameter("`now` must be a timestamp in UTC, such as 2026-03-01T12:00:00.") from error
    return instant
