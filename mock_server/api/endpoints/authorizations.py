"""Authorizations: list, read, rename, archive, delete, revoke."""

from typing import Any

from starlette.responses import Response

from mock_server.actions.authorizations.authorizations import revoke
from mock_server.actions.authorizations.own_authorizations import (
    change_authorization,
    delete_test_authorization,
)
from mock_server.api.bodies import answer, calls, json_body, takes
from mock_server.api.call import Call, reading, writing
from mock_server.api.lists import Page, cut_page, described, flag, limit_of, listed, page_start, paged
from mock_server.api.objects.authorization import (
    Authorization,
    AuthorizationChange,
    AuthorizationListing,
    serialize_authorization,
)
from mock_server.api.objects.shape import Success
from mock_server.api.visible_data import Listed, get_listed, visible_where, with_shares
from mock_server.domain.records import Authorization as Record
from mock_server.http.context import Context
from mock_server.store import LaterThan, NotLaterThan, Transaction

router = calls("/api/v2")

_INCLUDE = {
    "include": "`meters` adds each authorization's meters.",
    "expand_meter_blocks": "false leaves the blocks of those meters out.",
}


@router.get(
    "/authorizations",
    response_model=AuthorizationListing,
    openapi_extra=paged(
        uids="Only these, separated by commas.",
        forms="Only from these forms.",
        templates="Only from these templates.",
        users="Only of these accounts, by user_uid.",
        referrals="Only with these referrals.",
        is_archived="true or false.",
        is_declined="true or false.",
        is_expired="true or false.",
        is_revoked="true or false.",
        is_test="true or false.",
        utility="Only of these utilities.",
        **_INCLUDE,
    ),
)
async def list_authorizations(context: Context) -> Response:
    """List authorizations, newest first. All given filters must match."""
    return answer(await reading(context, _listing))


@router.get("/authorizations/{uid}", response_model=Authorization, openapi_extra=described(**_INCLUDE))
async def read_authorization(context: Context, uid: str) -> Response:
    """One of them."""
    return answer(await reading(context, lambda call: _serialize(call, get_listed(call, uid))))


@router.patch("/authorizations/{uid}", response_model=Authorization, openapi_extra=takes(AuthorizationChange))
async def patch_authorization(context: Context, uid: str) -> Response:
    """Archive or restore it, or set its nickname."""
    body = await json_body(context, AuthorizationChange)

    def work(call: Call) -> Authorization:
        change = body.value()
        get_listed(call, uid)
        change_authorization(call.sandbox, call.transaction, uid, change.model_dump(exclude_unset=True))
        return _serialize(call, get_listed(call, uid))

    return answer(await writing(context, work))


@router.delete("/authorizations/{uid}", response_model=Success)
async def delete_authorization(context: Context, uid: str) -> Response:
    """Delete the authorization of a test account. Those of real customers can only be revoked."""

    def work(call: Call) -> Success:
        get_listed(call, uid)
        delete_test_authorization(call.sandbox, call.transaction, uid)
        return Success(success=True)

    return answer(await writing(context, work))


@router.post("/authorizations/{uid}/revoke", response_model=Authorization)
async def revoke_authorization(context: Context, uid: str) -> Response:
    """Revoke it permanently. Repeating the call changes nothing."""

    def work(call: Call) -> Authorization:
        get_listed(call, uid)
        revoke(call.sandbox, call.transaction, uid)
        return _serialize(call, get_listed(call, uid))

    return answer(await writing(context, work))


def _serialize(call: Call, found: Listed) -> Authorization:
    includes = listed(call.query, "include") or ()
    expanded = flag(call.query, "expand_meter_blocks") is not False
    return serialize_authorization(call, found, with_meters="meters" in includes, expanded=expanded)


def _listing(call: Call) -> AuthorizationListing:
    page = _page(call)
    items = [_serialize(call, found) for found in with_shares(call, page.items)]
    return AuthorizationListing(authorizations=items, next=page.next_url(call.links.api("authorizations")))


def _page(call: Call) -> Page[Record]:
    """A page of authorizations, selected by the database."""
    query, limit = call.query, limit_of(call.query)
    transaction = call.transaction
    where = _conditions(call, transaction)
    if where is None:
        return Page((), None)
    below = page_start(query, transaction.authorizations, client_id=call.caller.client_id)
    found = transaction.authorizations.list(order="-uid", below=below, limit=limit + 1, **where)
    return cut_page(found, query, limit, uid_of=lambda one: one.uid)


def _conditions(call: Call, transaction: Transaction) -> dict[str, Any] | None:
    """The filters as conditions on columns; None if nothing can match."""
    query, now = call.query, call.sandbox.clock.now()
    where: dict[str, Any] = {**visible_where(call), "kind": _kinds(call)}
    for name, own in (("users", call.owner.uid), ("utility", call.owner.utility)):
        wanted = listed(query, name)
        if wanted is not None and own not in wanted:
            return None
    for name, column in (("forms", "form_uid"), ("templates", "template_uid")):
        if (wanted := listed(query, name)) is not None:
            where[column] = wanted
    for name in ("is_archived", "is_test"):
        if (wish := flag(query, name)) is not None:
            where[name] = wish
    for name, column in (("is_expired", "expires"), ("is_revoked", "revoked")):
        if (wish := flag(query, name)) is not None:
            where[column] = NotLaterThan(now) if wish else LaterThan(now)
    uids = _uids(call, transaction)
    if uids is not None:
        own_uid = where.get("uid")
        where["uid"] = tuple(uids if own_uid is None else uids & {own_uid})
    return where


def _kinds(call: Call) -> tuple[str, ...]:
    wish = flag(call.query, "is_declined")
    declined = () if call.caller.token.token_class != "api" else ("declined",)
    return {None: ("customer", *declined), True: declined, False: ("customer",)}[wish]


def _uids(call: Call, transaction: Transaction) -> set[str] | None:
    """The uids named by `uids` and `referrals`; None if neither is used."""
    named, referrals = listed(call.query, "uids"), listed(call.query, "referrals")
    if referrals is None:
        return None if named is None else set(named)
    given = transaction.referrals.list(code=referrals, client_id=call.caller.client_id)
    found = {one.authorization_uid for one in given}
    return found if named is None else found & set(named)
