"""Calls for authorize requests that wait in a browser, and for automatic approval."""

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
from mock_server.urls import Links

router = calls()

RequestId = Annotated[str, Path(alias="id")]


class RequestShape(BaseModel):
    """An authorize request, and the step at which its customer is. `customer` is known once they signed in."""

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
    """Who approves; without a customer the one who signed in, or whom the scope names."""

    model_config = ConfigDict(extra="forbid")

    customer: str | None = Field(None, examples=["test_residential"])


class AutoApprove(BaseModel):
    """How the coming authorize requests are answered."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = Field(examples=[True])
    times: int | None = Field(None, ge=1, le=1_000_000, description="Null: until it is switched off.")
    decision: Literal["approve", "decline"] = "approve"


@router.get("/requests")
async def read_requests(context: Context) -> RequestList:
    """Authorize requests of the last hour that wait in some browser, those of forms left out."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_waiting_requests)
    return RequestList(requests=[_shape(one) for one in found])


@router.post("/requests/{id}/approve")
async def approve(context: Context, request_id: RequestId, wish: Answerer | None = None) -> Granted:
    """Approve everything that it requests; `location` is where the browser would be redirected."""
    sandbox, links = context.sandbox, context.links
    customer = wish.customer if wish else None
    waiting, approval = await sandbox.run(_approve, sandbox, request_id, customer, links)
    return granted(context, waiting, approval)


@router.post("/requests/{id}/decline")
async def refuse(context: Context, request_id: RequestId) -> Granted:
    """Decline, as the customer would by a button."""
    sandbox = context.sandbox
    waiting = await sandbox.run(_get, sandbox, request_id)
    await sandbox.run(sandbox.write, decline, waiting)
    return granted(context, waiting, None)


@router.post("/auto-approve")
async def auto_approve(context: Context, wish: AutoApprove) -> AutoApprove:
    """Answer the coming authorize requests at once when their scope identifies the customer."""
    sandbox = context.sandbox
    armed = AutoApproval(enabled=wish.enabled, times=wish.times, decision=wish.decision)
    await sandbox.run(sandbox.write_alone, arm_auto_approval, armed)
    return wish


def _approve(
    sandbox: Sandbox, request_id: str, customer_id: str | None, links: Links
) -> tuple[AuthorizationRequest, Approval]:
    waiting = _get(sandbox, request_id)
    customer = customer_for(sandbox, customer_id or waiting.customer_id, waiting.scope)
    with sandbox.reading() as transaction:
        client = get_client(transaction, waiting.client_id)
    approval = sandbox.write(
        approve_directly,
        waiting,
        client=client,
        customer=customer,
        receipt_link=links.browser("receipts", waiting.id),
        own_link=links.browser("my-authorizations"),
    )
    return waiting, approval


def _get(sandbox: Sandbox, request_id: str) -> AuthorizationRequest:
    found = next((one for one in sandbox.read(list_waiting_requests) if one.id == request_id), None)
    if found is None:
        raise NotFound(
            f"No request {quoted(request_id)} waits for an answer. GET /_mock/requests lists those that do."
        )
    return found


def _shape(one: AuthorizationRequest) -> RequestShape:
    return RequestShape(
        id=one.id,
        client_id=one.client_id,
        redirect_uri=one.redirect_uri,
        scope=one.scope,
        customer=one.customer_id,
        step=next_step(one),
        created=one.created,
    )
