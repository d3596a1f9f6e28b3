"""The call that makes historical collection require payment (402)."""

from pydantic import BaseModel, ConfigDict, Field

from mock_server.actions.authorizations.collect import arm_payment
from mock_server.control.calls import calls
from mock_server.http.context import Context

router = calls()


class Payment(BaseModel):
    """Whether a client owes a payment. Without a client, the fixtures' default client."""

    model_config = ConfigDict(extra="forbid")

    owes: bool = Field(examples=[True])
    client_id: str | None = None


@router.post("/payments")
async def arm(context: Context, wish: Payment) -> Payment:
    """Refuse the client's historical collections with 402, or stop refusing them."""
    sandbox = context.sandbox
    client_id = wish.client_id or sandbox.fixtures.utility.default_client
    await sandbox.run(sandbox.write, arm_payment, client_id, owes=wish.owes)
    return Payment(owes=wish.owes, client_id=client_id)
