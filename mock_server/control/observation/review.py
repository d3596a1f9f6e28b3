"""Calls that review clients, as JSON or as a page, and probe their webhooks."""

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
    """A mistake of a client. `exchange_id` names its first request log entry; null if a delivery revealed it."""

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
    """All findings, in the order in which they occurred."""

    findings: list[FindingShape]


class ProbeWish(BaseModel):
    """The client whose webhooks to probe. Without it, the default client."""

    model_config = ConfigDict(extra="forbid")

    client_id: str | None = None


class Probed(BaseModel):
    """The delivery attempts, with the receivers' responses."""

    attempts: list[AttemptShape]


@router.get("", response_model=ReviewShape)
async def read_review(context: Context, client_id: str | None = None) -> Response | ReviewShape:
    """What all clients, or one of them, did wrong. Browsers get a page."""
    sandbox = context.sandbox
    findings = await run_in_threadpool(find_findings, sandbox, client_id)
    if "text/html" in context.headers.get("accept", ""):
        return review_page(context, findings, client_id)
    return ReviewShape(findings=[_shape(finding) for finding in findings])


@router.post("/probe")
async def probe(context: Context, wish: ProbeWish) -> Probed:
    """Send events with a wrong signature to a client's webhooks. A response of 200 becomes a finding."""
    sandbox = context.sandbox
    client_id = wish.client_id or sandbox.fixtures.utility.default_client
    attempts = await run_in_threadpool(context.services.probe_webhooks, sandbox, client_id)
    return Probed(attempts=[attempt_shape(attempt) for attempt in attempts])


def find_findings(sandbox: Sandbox, client_id: str | None) -> list[Finding]:
    """The findings of one client, or of all. Raises InvalidClient for an unknown client."""
    if client_id is not None:
        with sandbox.reading() as transaction:
            client_id = get_client(transaction, client_id).id
    return review(sandbox, client_id=client_id)


def _shape(finding: Finding) -> FindingShape:
    return FindingShape(
        rule=finding.rule.id,
        severity=finding.severity,
        message=finding.message,
        remedy=finding.rule.remedy,
        clause=finding.rule.clause,
        client_id=finding.client_id,
        exchange_id=finding.exchange_id,
        request=finding.request,
        at=finding.at,
        times=finding.times,
    )


def review_page(context: RequestContext, findings: list[Finding], client_id: str | None) -> Response:
    """The review page: each finding with its remedy and a link to its request log entry."""
    links = context.links
    return console_page(
        context,
        "review.html",
        here="Review",
        client_id=client_id,
        findings=[
            {
                "finding": finding,
                "exchange_url": links.page("_mock", "console", "exchanges", finding.exchange_id)
                if finding.exchange_id
                else None,
            }
            for finding in findings
        ],
        rules=RULES,
    )
