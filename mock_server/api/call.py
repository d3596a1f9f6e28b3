"""One call of the JSON API: its caller, its third party, its parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from mock_server.actions.clients.find_client import find_client
from mock_server.actions.tokens.check_token import Caller
from mock_server.actions.tokens.limits import count_call
from mock_server.domain.records import Authorization, TokenClass
from mock_server.domain.text.parameters import Parameters
from mock_server.http.bearer import authenticate_bearer
from mock_server.http.context import RequestContext
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links

Answer = TypeVar("Answer")

READERS: tuple[TokenClass, ...] = ("api", "access")
WRITERS: tuple[TokenClass, ...] = ("api",)
_FIRST, _COUNT = 10_000, 90_000


@dataclass(frozen=True)
class ThirdParty:
    """Who owns what a list shows: `user_uid` and `user_email` of the client's account, and the utility's id."""

    uid: str
    email: str
    utility: str


@dataclass(frozen=True, kw_only=True)
class Call:
    """What every endpoint needs to know before it answers."""

    sandbox: Sandbox
    links: Links
    query: Parameters
    caller: Caller
    owner: ThirdParty

    def may_list(self, authorization: Authorization) -> bool:
        """Whether the token shows it; what customers declined is for the client's own token alone."""
        if authorization.kind == "declined":
            return self.caller.token.token_class == "api" and authorization.client_id == self.caller.client_id
        return self.caller.may_read(authorization)


async def call_of(context: RequestContext, *, allowed: tuple[TokenClass, ...] = READERS) -> Call:
    """The call, if its token may make it: the bearer token, else the parameter `access_token`.

    Raises what `check_token` raises, and TooManyRequests.
    """
    token = None
    if not context.headers.get("authorization"):
        token = context.query.one("access_token")
    sandbox = context.sandbox
    caller = await authenticate_bearer(context, allowed=allowed, token=token)
    await sandbox.run(sandbox.write_alone, count_call, caller.token)
    return Call(
        sandbox=sandbox,
        links=context.links,
        query=context.query,
        caller=caller,
        owner=await sandbox.run(sandbox.read, _third_party, caller.client_id),
    )


async def aside(work: Callable[[Call], Answer], call: Call) -> Answer:
    """Do work that may take long in a thread, so that other requests go on meanwhile."""
    return await run_in_threadpool(call.sandbox.attempt, work, call)


def _third_party(sandbox: Sandbox, transaction: Transaction, client_id: str) -> ThirdParty:
    client = find_client(transaction, client_id)
    uid = _FIRST + sandbox.random.stream("third party", client_id).integer(_COUNT)
    email = client.contact_email if client else ""
    return ThirdParty(str(uid), email, sandbox.fixtures.utility.id)
