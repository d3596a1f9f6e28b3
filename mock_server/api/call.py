"""One call of the JSON API: transaction, caller, third party and parameters."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from mock_server.actions.clients.find_client import find_client
from mock_server.actions.tokens.check_token import Caller
from mock_server.actions.tokens.limits import count_call
from mock_server.domain.records import Authorization, TokenClass
from mock_server.domain.text.parameters import Parameters
from mock_server.http.bearer import check_bearer
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
    """The owner of listed objects: `user_uid` and `user_email` of the client's account, and the utility's id."""

    uid: str
    email: str
    utility: str


@dataclass(frozen=True, kw_only=True)
class Call:
    """What every endpoint needs.

    The transaction is open while the work of `reading` or `writing` runs, and no longer while a body is streamed.
    """

    sandbox: Sandbox
    transaction: Transaction
    links: Links
    query: Parameters
    caller: Caller
    owner: ThirdParty

    def may_list(self, authorization: Authorization) -> bool:
        """Whether the token may list it. Only the client's own token lists declined ones."""
        if authorization.kind == "declined":
            return self.caller.token.token_class == "api" and authorization.client_id == self.caller.client_id
        return self.caller.may_read(authorization)


async def reading(
    context: RequestContext, work: Callable[[Call], Answer], *, allowed: tuple[TokenClass, ...] = READERS
) -> Answer:
    """Check the token and do the work in one snapshot, in a thread, because it may take long.

    Raises the errors of `check_token`, and TooManyRequests.
    """
    await _count(context, allowed)
    sandbox = context.sandbox
    unit = partial(sandbox.read, partial(_work, context=context, work=work, allowed=allowed))
    return await run_in_threadpool(sandbox.store.attempt, unit)


async def writing(context: RequestContext, work: Callable[[Call], Answer]) -> Answer:
    """The same for work that writes, which needs the client's own token. It is done completely or not at all."""
    await _count(context, WRITERS)
    sandbox = context.sandbox
    unit = partial(sandbox.write, partial(_work, context=context, work=work, allowed=WRITERS))
    return await sandbox.store.run(unit)


async def _count(context: RequestContext, allowed: tuple[TokenClass, ...]) -> None:
    """Count the call against the token's rate limit, if there is one, whatever its result."""
    sandbox = context.sandbox
    if sandbox.settings.rate_limit:
        caller = await sandbox.run(
            sandbox.read, check_bearer, context, allowed=allowed, token=_token(context)
        )
        await sandbox.run(sandbox.write_alone, count_call, caller.token)


def _work(
    sandbox: Sandbox,
    transaction: Transaction,
    *,
    context: RequestContext,
    work: Callable[[Call], Answer],
    allowed: tuple[TokenClass, ...],
) -> Answer:
    caller = check_bearer(sandbox, transaction, context, allowed=allowed, token=_token(context))
    call = Call(
        sandbox=sandbox,
        transaction=transaction,
        links=context.links,
        query=context.query,
        caller=caller,
        owner=_third_party(sandbox, transaction, caller.client_id),
    )
    return work(call)


def _token(context: RequestContext) -> str | None:
    """The parameter `access_token`, which is used only without an Authorization header."""
    return None if context.headers.get("authorization") else context.query.one("access_token")


def _third_party(sandbox: Sandbox, transaction: Transaction, client_id: str) -> ThirdParty:
    client = find_client(transaction, client_id)
    uid = _FIRST + sandbox.random.stream("third party", client_id).integer(_COUNT)
    email = client.contact_email if client else ""
    return ThirdParty(str(uid), email, sandbox.fixtures.utility.id)
