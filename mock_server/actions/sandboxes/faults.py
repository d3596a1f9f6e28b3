"""Arms faults, and finds the fault that matches a request. The database counts, so that all workers agree."""

from fnmatch import fnmatchcase

from mock_server.actions.clients.find_client import plain_id
from mock_server.domain.errors import BY_CODE, InvalidRequest, NotFound
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Client, Fault, FaultMatch, FaultPlan
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_FIRST = 1
_PARTS_IN_A_MILLION = 1_000_000


def arm_faults(
    sandbox: Sandbox, transaction: Transaction, *plans: FaultPlan, preset: str | None = None
) -> list[Fault]:
    """Arm faults, in this order. Raises InvalidRequest for an unknown error code."""
    for plan in plans:
        _check_error(plan)
    now = transaction.now
    armed = [
        Fault(
            id=transaction.next_number("fault", first=_FIRST),
            preset=preset,
            match=plan.match,
            effect=plan.effect,
            when=plan.when,
            times_left=plan.times or (1 if plan.match.nth else None),
            seen=0,
            fired=0,
            created=now,
        )
        for plan in plans
    ]
    transaction.faults.add(*armed)
    _update_state(transaction)
    return armed


def arm_preset(sandbox: Sandbox, transaction: Transaction, name: str) -> list[Fault]:
    """Arm the faults of a preset. Raises NotFound."""
    found = next((preset for preset in sandbox.fixtures.presets if preset.id == name), None)
    if found is None:
        known = ", ".join(preset.id for preset in sandbox.fixtures.presets) or "none"
        raise NotFound(f"There is no preset {quoted(name)}. Known presets: {known}.")
    return arm_faults(sandbox, transaction, *found.faults, preset=name)


def list_faults(sandbox: Sandbox, transaction: Transaction) -> list[Fault]:
    """All faults in the order in which they were armed, including spent ones."""
    return transaction.faults.list(order="id")


def disarm(sandbox: Sandbox, transaction: Transaction, name: str) -> None:
    """Remove the fault with that id, or all faults of that preset. Raises NotFound."""
    removed = transaction.faults.remove(id=name) + transaction.faults.remove(preset=name)
    if not removed:
        raise NotFound(f"There is no fault {quoted(name)}. GET /_mock/faults lists those that are armed.")
    _update_state(transaction)


def disarm_all(sandbox: Sandbox, transaction: Transaction) -> None:
    """Remove all faults."""
    transaction.faults.remove()
    _update_state(transaction)


def take_fault(
    sandbox: Sandbox,
    *,
    surface: str,
    method: str | None = None,
    path: str | None = None,
    client_id: str | None = None,
    client_auth: str | None = None,
) -> Fault | None:
    """The fault that matches this request, callback or delivery, counted as fired; None if there is none.

    The first armed fault whose turn it is wins; matching faults before it count the request.
    """
    state = sandbox.store.find_state()
    if state is None or not state.has_faults:
        return None
    for fault in sandbox.read(list_faults):
        if fault.times_left == 0 or not fault.applies_to(surface):
            continue
        if _matches(fault.match, method=method, path=path, client_id=client_id, client_auth=client_auth):
            counted = _count(sandbox, fault.id)
            if counted is not None:
                return counted
    return None


def client_of_token(sandbox: Sandbox, transaction: Transaction, token: str) -> str | None:
    """The id of the token's client, even if the token has ended."""
    found = transaction.tokens.find(hash=fingerprint(token))
    return None if found is None else found.client_id


def find_earlier_state(
    sandbox: Sandbox, transaction: Transaction, client_id: str | None, *, but: str
) -> str | None:
    """The newest `state` of the client's authorize requests that differs from `but`."""
    requests = transaction.requests.list(client_id=client_id, order="-created", limit=100)
    return next((one.state for one in requests if one.state not in (None, but)), None)


def corrupt_token(sandbox: Sandbox, transaction: Transaction, token: str) -> None:
    """Expire an access token that was just issued."""
    now = transaction.now
    transaction.tokens.change({"hash": fingerprint(token)}, expires=now)


def find_client_of(sandbox: Sandbox, transaction: Transaction, client_id: str) -> Client | None:
    """The client with that id."""
    return transaction.clients.find(id=client_id)


def _matches(
    match: FaultMatch, *, method: str | None, path: str | None, client_id: str | None, client_auth: str | None
) -> bool:
    return (
        (match.client_auth is None or match.client_auth == client_auth)
        and (match.method is None or match.method.upper() == method)
        and (match.path is None or fnmatchcase(path or "", match.path))
        and (match.client_id is None or match.client_id == plain_id(client_id or ""))
    )


def _count(sandbox: Sandbox, fault_id: str) -> Fault | None:
    """Count a matching request; returns the fault if it is its turn."""
    with sandbox.writing(exclusive=True) as transaction:
        fault = transaction.faults.find(id=fault_id)
        if fault is None or fault.times_left == 0:
            return None  # another request took the last turn
        seen = fault.seen + 1
        fires = _has_its_turn(sandbox, fault, seen)
        left = fault.times_left - 1 if fires and fault.times_left is not None else fault.times_left
        counted = {"seen": seen, "fired": fault.fired + fires, "times_left": left}
        if not transaction.faults.change({"id": fault_id, "seen": fault.seen}, **counted):
            return None
        if left == 0:
            _update_state(transaction)
    return fault if fires else None


def _has_its_turn(sandbox: Sandbox, fault: Fault, seen: int) -> bool:
    if fault.match.nth is not None and seen < fault.match.nth:
        return False
    if fault.match.probability is None:
        return True
    drawn = sandbox.random.stream("fault", fault.id, seen).integer(_PARTS_IN_A_MILLION)
    return drawn < fault.match.probability * _PARTS_IN_A_MILLION


def _update_state(transaction: Transaction) -> None:
    """Store in the sandbox's state, which every request reads, whether any fault can still fire."""
    transaction.states.change(
        {}, has_faults=any(fault.times_left != 0 for fault in transaction.faults.list())
    )


def _check_error(plan: FaultPlan) -> None:
    code = plan.effect.error
    if code is not None and code not in BY_CODE:
        raise InvalidRequest(f"There is no error {quoted(code)}. Known errors: {', '.join(sorted(BY_CODE))}.")
