"""Authorizations: listed, read, revoked."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from mock_server.actions.authorizations import revoke
from mock_server.actions.check_token import Caller
from mock_server.actions.shares import Share, list_shares
from mock_server.api.caller import api_caller, visible_authorizations
from mock_server.api.lists import Page, described, fits, listed, page_of
from mock_server.api.meters import told_meter
from mock_server.api.moments import in_utc
from mock_server.api.third_party import ThirdParty, third_party
from mock_server.core.errors import NotFound
from mock_server.core.parameters import Parameters
from mock_server.sandbox import Sandbox
from mock_server.surface import links_of, query_of, sandbox_of

router = APIRouter()


@router.get(
    "/authorizations",
    openapi_extra=described(
        uids="Only these, separated by commas.",
        users="Only of these accounts, by user_uid.",
        utility="Only of these utilities.",
        forms="Only from these forms.",
        templates="Only from these templates.",
        referrals="Only with these referrals.",
        is_archived="true or false.",
        is_declined="true or false.",
        is_expired="true or false.",
        is_revoked="true or false.",
        is_test="true or false.",
        include="`meters` adds each authorization's meters.",
    ),
)
async def list_authorizations(request: Request) -> Response:
    """What customers allowed, newest first; filters are combined by "and"."""
    caller, sandbox, query = await api_caller(request), sandbox_of(request), query_of(request)
    owner = await sandbox.run(third_party, sandbox, caller.client_id)
    page = await sandbox.run(_page, sandbox, caller, query, owner)
    told = [_told(sandbox, owner, share, includes=_includes(query)) for share in page.items]
    address = links_of(request).api("authorizations")
    return JSONResponse({"authorizations": told, "next": page.next_url(address)})


@router.get("/authorizations/{uid}")
async def read_authorization(request: Request, uid: str) -> Response:
    """One of them."""
    caller, sandbox, query = await api_caller(request), sandbox_of(request), query_of(request)
    owner = await sandbox.run(third_party, sandbox, caller.client_id)
    share = await sandbox.run(_find, sandbox, caller, uid)
    return JSONResponse(_told(sandbox, owner, share, includes=_includes(query)))


@router.post("/authorizations/{uid}/revoke")
async def revoke_authorization(request: Request, uid: str) -> Response:
    """End one for good; once more changes nothing."""
    caller, sandbox = await api_caller(request, allowed=("api",)), sandbox_of(request)
    owner = await sandbox.run(third_party, sandbox, caller.client_id)
    await sandbox.run(_find, sandbox, caller, uid)
    await sandbox.run(revoke, sandbox, uid)
    share = await sandbox.run(_find, sandbox, caller, uid)
    return JSONResponse(_told(sandbox, owner, share, includes=frozenset()))


def _page(sandbox: Sandbox, caller: Caller, query: Parameters, owner: ThirdParty) -> Page[Share]:
    authorizations = visible_authorizations(sandbox, caller)
    shares = [share for share in list_shares(sandbox, authorizations) if _fits(share, query, owner)]
    return page_of(shares, query, uid_of=lambda share: share.authorization.uid)


def _find(sandbox: Sandbox, caller: Caller, uid: str) -> Share:
    """Raises NotFound, for what another client was allowed as well."""
    found = [one for one in visible_authorizations(sandbox, caller) if one.uid == uid]
    if not found:
        raise NotFound(f"There is no authorization {uid[:40]!r} that this token may see.")
    return list_shares(sandbox, found)[0]


def _includes(query: Parameters) -> frozenset[str]:
    return listed(query, "include") or frozenset()


def _fits(share: Share, query: Parameters, owner: ThirdParty) -> bool:
    status = share.authorization.status_at(share.now)
    names: dict[str, str | None] = dict.fromkeys(
        ("forms", "templates", "referrals")
    )  # nothing here came from a form
    names |= {"uids": share.authorization.uid, "users": owner.uid, "utility": owner.utility}
    flags = {"is_archived": False, "is_declined": False, "is_test": share.customer.is_test_account}
    flags |= {"is_revoked": status == "revoked", "is_expired": status == "expired"}
    return fits(query, names=names, flags=flags)


def _told(sandbox: Sandbox, owner: ThirdParty, share: Share, *, includes: frozenset[str]) -> dict[str, Any]:
    """The Authorization object of utilityapi.md §6."""
    authorization, status = share.authorization, share.authorization.status_at(share.now)
    expires = in_utc(authorization.expires) if authorization.expires else "until_revoked"
    told: dict[str, Any] = {
        "uid": authorization.uid,
        "created": in_utc(authorization.created),
        "customer_email": share.customer.email,
        "customer_signature": None,
        "declined": None,
        "is_declined": False,
        "expires": expires,
        "is_expired": status == "expired",
        "exports": {},
        "exports_list": [],
        "form_uid": None,
        "template_uid": None,
        "referrals": [],
        "is_archived": False,
        "is_test": share.customer.is_test_account,
        "notes": [
            {
                "type": "meters_full",
                "msg": f"All {len(share.meters)} meters were found.",
                "ts": in_utc(authorization.created),
            }
        ],
        "nickname": None,
        "revoked": in_utc(authorization.revoked) if authorization.revoked else None,
        "is_revoked": status == "revoked",
        "scope": {
            "expires": expires,
            "ongoing_end": in_utc(authorization.ongoing_end) if authorization.ongoing_end else None,
        },
        "status": "updated",
        "status_message": "The authorization is complete.",
        "status_ts": in_utc(authorization.created),
        "user_email": owner.email,
        "user_uid": owner.uid,
        "user_status": "active",
        "utility": owner.utility,
    }
    if "meters" in includes:
        meters = (
            [] if status == "revoked" else [told_meter(sandbox, owner, share, one) for one in share.meters]
        )
        told["meters"] = {"meters": meters, "next": None}
    return told
