"""Sign-in values in the scope. If the prefilled value matches, the customer skips the form."""

from mock_server.actions.connecting.find_customer import find_by_value
from mock_server.actions.connecting.sign_in import fall_back, identify, identify_nobody
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import AuthorizationRequest
from mock_server.domain.signing_in import Way, find_way
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def try_prefilled(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest
) -> AuthorizationRequest:
    """Look up the scope's value. If it finds nobody, the request falls back to the default way, with a notice."""
    authentication = parse_scope(request.scope).authentication
    way = find_way(authentication.way) if authentication else None
    if authentication is None or authentication.value is None or way is None:
        return request
    customer = find_by_value(sandbox, transaction, way, authentication.value)
    if way.verify is not None:  # the form asks for more than the value
        is_fine = customer is not None or not sandbox.settings.hints
        return request if is_fine else _fall_back(sandbox, transaction, request, way)
    if customer is not None:
        return identify(sandbox, transaction, request, customer, way=way)
    if may_disclose(sandbox, way):
        return _fall_back(sandbox, transaction, request, way)
    return identify_nobody(sandbox, transaction, request, authentication.value, way=way)


def may_disclose(sandbox: Sandbox, way: Way) -> bool:
    """Whether a page may say that no customer was found. With hints off, it must not disclose who is a customer."""
    return sandbox.settings.hints or not way.needs_code


def prefilled_answers(request: AuthorizationRequest, way: Way) -> dict[str, str]:
    """The prefilled values of a way's fields, from the scope."""
    authentication = parse_scope(request.scope).authentication
    if authentication is None or authentication.value is None or authentication.way != way.name:
        return {}
    return dict(way.answers_from(authentication.value))


def _fall_back(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, way: Way
) -> AuthorizationRequest:
    notice = f"{way.not_found} Log in, or find your account another way."
    return fall_back(sandbox, transaction, request, notice=notice)
