"""Calls for the review of clients, as JSON and as a page, and for probing their webhooks."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mock_server.actions.clients.find_client import get_client
from mock_server.control.calls import calls
from mock_server.control.console.frame import console_page
from mock_server.control.observation.webhooks import AttemptShape, attempt_shape
from mock_server.http.context import Context, RequestContext
from mock_server.review import RULES, Finding, review
from mock_server.sandbox import Sandbox

router = calls("/review")


class FindingShape(BaseModel):
    """One mistake of a client. `exchange_id` names the exchange that shows it first; null for a delivery of ours."""

    rule: str
    severity: Literal["note", "warning", "error"]
    message: str
    remedy: str
    clause: str
    client_id: str
    exchange_id: str | None
    request: str
    at: datetime
    times: int


class ReviewShape(BaseModel):
    """All findings, in the order in which they happened."""

    findings: list[FindingShape]


class ProbeWish(BaseModel):
    """Whose webhooks are probed; without it, those of the default client."""

    model_config = ConfigDict(extra="forbid")

    client_id: str | None = None


class Probed(BaseModel):
    """What the receivers answered."""

    attempts: list[AttemptShape]


@router.get("", response_model=ReviewShape)
async def read_review(context: Context, client_id: str | None = None) -> Response | ReviewShape:
    """What clients did wrong, all of them or one; a browser gets it as a page."""
    sandbox = context.sandbox
    findings = await run_in_threadpool(find_findings, sandbox, client_id)
    if "text/html" in context.headers.get("accept", ""):
        return review_page(context, findings, client_id)
    return ReviewShape(findings=[_shape(one) for one in findings])


@router.post("/probe")
async def probe(context: Context, wish: ProbeWish) -> Probed:
    """Send a client's webhooks events with a wrong signature; who answers 200 gets a finding."""
    sandbox = context.sandbox
    client_id = wish.client_id or sandbox.fixtures.utility.default_client
    attempts = await run_in_threadpool(context.services.probe_webhooks, sandbox, client_id)
    return Probed(attempts=[attempt_shape(one) for one in attempts])


def find_findings(sandbox: Sandbox, client_id: str | None) -> list[Finding]:
    """Of one client, or of all. Raises InvalidClient for one that there is not."""
    if client_id is not None:
        with sandbox.reading() as transaction:
            client_id = get_client(transaction, client_id).id
    return review(sandbox, client_id=client_id)


def _shape(one: Finding) -> FindingShape:
    return FindingShape(
        rule=one.rule.id,
        severity=one.severity,
        message=one.message,
        remedy=one.rule.remedy,
        clause=one.rule.clause,
        client_id=one.client_id,
        exchange_id=one.exchange_id,
        request=one.request,
        at=one.at,
        times=one.times,
    )


def review_page(context: RequestContext, findings: list[Finding], client_id: str | None) -> Response:
    """The findings for a person, each with its remedy and the exchange that shows it."""
    links = context.links
    return console_page(
        context,
        "review.html",
        here="Review",
        client_id=client_id,
        findings=[
            {
                "finding": one,
                "exchange_url": links.page("_mock", "console", "exchanges", one.exchange_id)
                if one.exchange_id
                else None,
            }
            for one in findings
        ],
        rules=RULES,
    )
