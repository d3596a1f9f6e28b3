"""What a token may read: authorizations, shares and meters, newest first, loaded on demand."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mock_server.actions.reading.shares import Share, SharedMeter, list_shares
from mock_server.api.call import Call
from mock_server.domain.consent.available_data import shows_meters
from mock_server.domain.errors import NotFound
from mock_server.domain.records import Authorization

_AT_A_TIME = 200

FoundMeter = tuple[Share, SharedMeter]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An authorization with its share and referrals. A declined one has no share."""

    authorization: Authorization
    share: Share | None
    referrals: tuple[str, ...]


def visible_where(call: Call) -> Mapping[str, Any]:
    """The conditions for authorizations that the token may read."""
    where: dict[str, Any] = {"client_id": call.caller.client_id}
    if call.caller.token.token_class != "api":
        where["uid"] = call.caller.token.authorization_uid
    return where


def get_listed(call: Call, uid: str) -> Listed:
    """One authorization. Raises NotFound, also for another client's."""
    transaction = call.transaction
    found = transaction.authorizations.find(uid=uid)
    if found is None or not call.may_list(found):
        raise NotFound(f"There is no authorization {uid[:40]!r} that this token may see.")
    return with_shares(call, [found])[0]


def with_shares(call: Call, authorizations: Sequence[Authorization]) -> list[Listed]:
    """Authorizations with their shares and referrals, in the given order."""
    uids = tuple(one.uid for one in authorizations)
    transaction = call.transaction
    referrals = transaction.referrals.list(authorization_uid=uids, order="created") if uids else []
    shares = list_shares(
        call.sandbox, call.transaction, [one for one in authorizations if one.kind == "customer"]
    )
    by_uid = {share.authorization.uid: share for share in shares}
    return [
        Listed(
            authorization=one,
            share=by_uid.get(one.uid),
            referrals=tuple(given.code for given in referrals if given.authorization_uid == one.uid),
        )
        for one in authorizations
    ]


def walk_shares(
    call: Call, *, uids: tuple[str, ...] | None = None, at_most: str | None = None
) -> Iterator[Share]:
    """The customers' shares, newest first, from the authorization `at_most` down, read in portions."""
    where = {**visible_where(call), "kind": "customer"}
    wanted = None if uids is None else frozenset(uids)
    below = None if at_most is None else ("uid", str(int(at_most) + 1))
    if wanted is not None and "uid" not in where:
        where["uid"] = tuple(wanted)
    while True:
        transaction = call.transaction
        found = transaction.authorizations.list(order="-uid", below=below, limit=_AT_A_TIME, **where)
        yield from list_shares(
            call.sandbox, call.transaction, [one for one in found if wanted is None or one.uid in wanted]
        )
        if len(found) < _AT_A_TIME:
            return
        below = ("uid", found[-1].uid)


def walk_meters(
    call: Call,
    *,
    uids: tuple[str, ...] | None = None,
    authorizations: tuple[str, ...] | None = None,
    after: str | None = None,
) -> Iterator[FoundMeter]:
    """The meters that the token may read, newest first, from the authorization of the meter `after` on."""
    owners = authorizations if uids is None else _owners(call, uids, authorizations)
    start = _owners(call, (after,), None) if after else ()
    for share in walk_shares(call, uids=owners, at_most=start[0] if start else None):
        if shows_meters(share.authorization, share.now):
            yield from ((share, one) for one in share.meters if uids is None or one.meter.uid in uids)


def get_meter(call: Call, uid: str) -> FoundMeter:
    """One meter. Raises NotFound."""
    for found in walk_meters(call, uids=(uid,)):
        return found
    raise NotFound(f"There is no meter {uid[:40]!r} that this token may see.")


def _owners(call: Call, meters: tuple[str, ...], authorizations: tuple[str, ...] | None) -> tuple[str, ...]:
    """The authorizations of these meters, if they are among the given ones."""
    transaction = call.transaction
    found = {one.authorization_uid for one in transaction.meters.list(uid=meters)}
    return tuple(found if authorizations is None else found.intersection(authorizations))
