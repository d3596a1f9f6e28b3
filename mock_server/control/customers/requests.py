"""Calls that list and complete pending authorize requests, and set automatic approval."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from mock_server.actions.authorizations.authorizations import (
    approve_directly,
    arm_auto_approval,
    list_waiting_requests,
)
from mock_server.actions.clients.find_client import get_client
from mock_server.actions.connecting.consent import Approval, decline
from mock_server.control.calls import calls
from mock_server.control.customers.authorizations import Granted, customer_for, granted
from mock_server.domain.errors import NotFound
from mock_server.domain.oauth.authorization_flow import Step, next_step
from mock_server.domain.records import AuthorizationRequest, AutoApproval
from mock_server.domain.text.quoting import quoted
from mock_server.http.context import Context
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links

router = calls()

RequestId = Annotated[str, Path(alias="id")]


class RequestShape(BaseModel):
    """An authorize request and its customer's current step. `customer` is null until the customer has signed in."""

    id: str
    client_id: str
    redirect_uri: str | None
    scope: str
    customer: str | None
    step: Step
    created: datetime


class RequestList(BaseModel):
    """Requests, newest first."""

    requests: list[RequestShape]


class Answerer(BaseModel):
    """Who approves. Default: the customer who signed in, else the one that the scope identifies."""

    model_config = ConfigDict(extra="forbid")

    customer: str | None = Field(None, examples=["test_residential"])


class AutoApprove(BaseModel):
    """Whether and how the next authorize requests are completed automatically."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = Field(examples=[True])
    times: int | None = Field(
        None, ge=1, le=1_000_000, description="How many requests; null: until it is switched off."
    )
    decision: Literal["approve", "decline"] = "approve"


@router.get("/requests")
async def read_requests(context: Context) -> RequestList:
    """Pending authorize requests of the last hour, newest first, without those of forms."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_waiting_requests)
    return RequestList(requests=[_shape(request) for request in found])


@router.post("/requests/{id}/approve")
async def approve(context: Context, request_id: RequestId, wish: Answerer | None = None) -> Granted:
    """Approve everything that the request asks for. `location` is the redirect that a browser would receive."""
    sandbox, links = context.sandbox, context.links
    customer = wish.customer if wish else None
    waiting, approval = await sandbox.run(sandbox.write, _approve, request_id, customer, links)
    return granted(context, waiting, approval)


@router.post("/requests/{id}/decline")
async def refuse(context: Context, request_id: RequestId) -> Granted:
    """Decline the request, as the customer would."""
    sandbox = context.sandbox
    waiting = await sandbox.run(sandbox.read, _get, request_id)
    await sandbox.run(sandbox.write, decline, waiting)
    return granted(context, waiting, None)


@router.post("/auto-approve")
async def auto_approve(context: Context, wish: AutoApprove) -> AutoApprove:
    """Complete the next authorize requests without pages, if their scope identifies the customer."""
    sandbox = context.sandbox
    armed = AutoApproval(enabled=wish.enabled, times=wish.times, decision=wish.decision)
    await sandbox.run(sandbox.write_alone, arm_auto_approval, armed)
    return wish


def _approve(
    sandbox: Sandbox, transaction: Transaction, request_id: str, customer_id: str | None, links: Links
) -> tuple[AuthorizationRequest, Approval]:
    waiting = _get(sandbox, transaction, request_id)
    customer = customer_for(sandbox, transaction, customer_id or waiting.customer_id, waiting.scope)
    client = get_client(transaction, waiting.client_id)
    approval = approve_directly(
        sandbox,
        transaction,
        waiting,
        client=client,
        customer=customer,
        receipt_link=links.browser("receipts", waiting.id),
        own_link=links.browser("my-authorizations"),
    )
    return waiting, approval


def _get(sandbox: Sandbox, transaction: Transaction, request_id: str) -> AuthorizationRequest:
    found = next(
        (request for request in list_waiting_requests(sandbox, transaction) if request.id == request_id), None
    )
    if found is None:
        raise NotFound(
            f"There is no pending authorize request {quoted(request_id)}. GET /_mock/requests lists them."
        )
    return found


def _shape(request: AuthorizationRequest) -> RequestShape:
    return RequestShape(
        id=request.id,
        client_id=request.client_id,
        redirect_uri=request.redirect_uri,
        scope=request.scope,
        customer=request.customer_id,
        step=next_step(request),
        created=request.created,
    )
