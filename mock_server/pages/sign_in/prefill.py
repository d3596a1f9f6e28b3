"""A value sent along in the scope: it is looked up at once, and spares the customer the form."""

from mock_server.actions.connecting.sign_in import fall_back, identify, identify_nobody
from mock_server.domain.oauth.authorization_flow import PROVED_BY_CODE
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import AuthorizationRequest
from mock_server.pages.sign_in import way_named
from mock_server.pages.sign_in.way import Way
from mock_server.sandbox import Sandbox


def try_prefilled(sandbox: Sandbox, request: AuthorizationRequest) -> AuthorizationRequest:
    """Look the scope's value up; whom it does not find signs in the default way, told why."""
    authentication = parse_scope(request.scope).authentication
    way = way_named(authentication.way) if authentication else None
    if authentication is None or authentication.value is None or way is None:
        return request
    if not way.prefill_is_enough:
        is_fine = not sandbox.settings.hints or _is_known(sandbox, way, authentication.value)
        return request if is_fine else _fall_back(sandbox, request, way)
    customer = way.find(sandbox, way.answers_from(authentication.value))
    if customer is not None:
        return identify(sandbox, request, customer, way=way.name)
    if may_tell(sandbox, way):
        return _fall_back(sandbox, request, way)
    return identify_nobody(sandbox, request, authentication.value, way=way.name)


def may_tell(sandbox: Sandbox, way: Way) -> bool:
    """Whether a page may say that nobody was found: with hints off, a look-up must not tell who is a customer."""
    return sandbox.settings.hints or way.name not in PROVED_BY_CODE


def prefilled_answers(request: AuthorizationRequest, way: Way) -> dict[str, str]:
    """What the scope says about the fields of a way."""
    authentication = parse_scope(request.scope).authentication
    if authentication is None or authentication.value is None or authentication.way != way.name:
        return {}
    return dict(way.answers_from(authentication.value))


def _is_known(sandbox: Sandbox, way: Way, value: str) -> bool:
    return way.knows is None or way.knows(sandbox, value)


def _fall_back(sandbox: Sandbox, request: AuthorizationRequest, way: Way) -> AuthorizationRequest:
    return fall_back(sandbox, request, notice=f"{way.not_found} Log in, or find your account another way.")
