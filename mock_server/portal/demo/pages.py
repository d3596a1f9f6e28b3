"""The pages of the demo: the scenario form, and a run with its steps, tokens and data."""

import re
import shlex
from dataclasses import fields
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from mock_server.domain.errors import BY_CODE
from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import RequestContext
from mock_server.portal.authorize_request import block_choices, customer_choices, option_choices, way_choices
from mock_server.portal.demo.run import Run, Step
from mock_server.portal.demo.scenario import ANOTHER, OTHER_BLOCKS, USUAL_BLOCKS, Scenario, addresses
from mock_server.portal.visit import portal_page
from mock_server.ui.chart import bar_chart

_SHORT = 2_000
_JSON_PIECES = re.compile(r""""(?:[^"\\]|\\.)*"?|\[\s*\]|\{\s*\}|[\[\]{}:,]|[^\s"\[\]{}:,]+""")


def compose_page(
    context: RequestContext, query: Parameters, scenario: Scenario | None, *, mistake: str | None = None
) -> Response:
    """The form with the values that were sent; with a scenario, also its URLs."""
    sandbox, links = context.sandbox, context.links
    clients = [(client.id, f"{client.company_name} ({client.mode})") for client in sandbox.fixtures.clients]
    clients.sort(key=lambda option: option[0] != sandbox.fixtures.utility.default_client)
    return portal_page(
        context,
        None,
        "portal/demo.html",
        script="copy.js",
        status=422 if mistake else 200,
        mistake=mistake,
        action=links.demo(),
        begin_action=links.demo("begin"),
        made=addresses(context, query, scenario) if scenario else None,
        clients=_select([*clients, (ANOTHER, "Another: id and secret below")], query.one("client_id")),
        ways=way_choices(query),
        customers=customer_choices(query, scenario.customers if scenario else []),
        blocks=block_choices(query, USUAL_BLOCKS),
        other_blocks=block_choices(query, OTHER_BLOCKS),
        options=option_choices(query),
        presets=_select(
            [(preset.id, f"{preset.id}: {preset.about}") for preset in sandbox.fixtures.presets],
            query.one("preset"),
        ),
        typed={
            name: query.one(name) or ""
            for name in ("value", "clock", "redirect_uri", "own_id", "own_secret", "state")
        },
        sandbox_name=sandbox.name if sandbox.prefix else "",
    )


def run_page(context: RequestContext, run: Run) -> Response:
    """A run, step by step; its secrets are masked unless the query has `show=yes`."""
    links, is_revealed = context.links, context.query.one("show") == "yes"
    place = links.demo("runs", run.id)
    return portal_page(
        context,
        None,
        "portal/demo_run.html",
        script="copy.js",
        place=place,
        again_url=links.demo(),
        is_revealed=is_revealed,
        state=_state(run),
        refusal=_refusal(context, run),
        steps=[_step(run, step, is_revealed=is_revealed) for step in run.steps],
        tokens=[
            (name, _masked(run, str(value), is_revealed=is_revealed))
            for name, value in (run.tokens or {}).items()
        ],
        can_refresh="refresh_token" in (run.tokens or {}),
        can_end=run.client_secret is not None,
        chart=bar_chart([(day[5:], Decimal(amount)) for day, amount in run.amounts]) if run.amounts else None,
        amounts=run.amounts,
        unit=run.unit,
        meter=run.meter,
        texts=[
            {
                "title": title,
                "text": _pretty(step)[:_SHORT],
                "is_cut": step.size > _SHORT,
                "url": f"{place}/{kind}",
            }
            for title, kind, name in (
                ("Green Button XML", "data.xml", "Batch read"),
                ("JSON", "data.json", "JSON API: readings"),
            )
            if (step := _last(run, name)) and step.status == 200
        ],
    )


def _state(run: Run) -> str:
    """The run's state: connected, refused, waiting (for the customer), or troubled (the last step failed)."""
    if run.tokens:
        return "connected" if run.steps[-1].is_fine else "troubled"
    if run.refusal:
        return "refused"
    return "waiting" if run.steps[-1].is_fine else "troubled"


def _refusal(context: RequestContext, run: Run) -> dict[str, str] | None:
    if not run.refusal:
        return None
    code = run.refusal.get("error", "")
    return {
        "error": code,
        "sentence": run.refusal.get("error_description", ""),
        "help_url": context.links.page("errors", code) if code in BY_CODE else "",
    }


def _step(run: Run, step: Step, *, is_revealed: bool) -> dict[str, Any]:
    values = {field.name: getattr(step, field.name) for field in fields(step)}
    for name in ("url", "body", "answer"):
        values[name] = _masked(run, values[name], is_revealed=is_revealed)
    for name in ("headers", "answer_headers"):
        values[name] = [(key, _masked(run, value, is_revealed=is_revealed)) for key, value in values[name]]
    is_cut = step.size > _SHORT
    values["answer"] = _masked(run, _pretty(step), is_revealed=is_revealed)[:_SHORT]
    return {
        **values,
        "is_fine": step.is_fine,
        "is_cut": is_cut,
        "curl": _curl(run, step, is_revealed=is_revealed),
    }


def _curl(run: Run, step: Step, *, is_revealed: bool) -> str:
    """The request as a curl command, with secrets masked as on the page."""
    words = ["curl", "-i", *(["-X", step.method] if step.method not in ("GET", "POST") else [])]
    for name, value in step.headers:
        words += ["-H", f"{name}: {value}"]
    if step.body:
        words += ["-d", step.body]
    return _masked(run, shlex.join([*words, step.url]), is_revealed=is_revealed)


def _masked(run: Run, text: str, *, is_revealed: bool) -> str:
    """The text with each secret reduced to its last four characters, unless they are revealed."""
    for secret in () if is_revealed else run.secrets:
        text = text.replace(secret, f"***{secret[-4:]}")
    return text


def _pretty(step: Step) -> str:
    """The response text with line breaks. It may be cut off, so it is not parsed."""
    if step.answer.startswith("<"):
        return step.answer.replace("><", ">\n<")
    return _indented(step.answer) if step.answer.startswith(("{", "[")) else step.answer


def _indented(text: str) -> str:
    """JSON, complete or cut off, with a line for each member; strings are not changed."""
    pieces, depth = [], 0
    for piece in _JSON_PIECES.findall(text):
        if piece in ("]", "}"):
            depth -= 1
            pieces.append("\n" + "  " * depth)
        pieces.append(": " if piece == ":" else piece)
        if piece in ("[", "{"):
            depth += 1
        if piece in ("[", "{", ","):
            pieces.append("\n" + "  " * depth)
    return "".join(pieces)


def _last(run: Run, title: str) -> Step | None:
    return next((step for step in reversed(run.steps) if step.title == title), None)


def _select(options: list[tuple[str, str]], chosen: str | None) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "selected": value == chosen} for value, label in options]
