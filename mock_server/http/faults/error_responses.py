"""Replaces a response: a status with any body, or an error in the protocol of the surface."""

import json

from starlette.requests import Request
from starlette.responses import Response

from mock_server.domain.errors import (
    BY_CODE,
    Conflict,
    InsufficientScope,
    InvalidClient,
    InvalidRequest,
    InvalidToken,
    MethodNotAllowed,
    MockServerError,
    NotFound,
    PaymentRequired,
    TemporarilyUnavailable,
    TimedOut,
    TooLarge,
    TooManyRequests,
    UnsupportedMediaType,
)
from mock_server.domain.records import Fault, FaultEffect
from mock_server.http.faults.response import Answer, answer_from
from mock_server.http.faults.target import FaultTarget
from mock_server.http.surface import Surface

_BY_STATUS: dict[int, type[MockServerError]] = {
    400: InvalidRequest,
    401: InvalidToken,
    402: PaymentRequired,
    403: InsufficientScope,
    404: NotFound,
    405: MethodNotAllowed,
    408: TimedOut,
    409: Conflict,
    413: TooLarge,
    415: UnsupportedMediaType,
    429: TooManyRequests,
    503: TemporarilyUnavailable,
}


async def replacement_response(fault: Fault, target: FaultTarget) -> Answer:
    """The response that the client gets instead; an error by redirect, where the protocol has it so."""
    effect, surface = fault.effect, target.surface
    is_error = effect.error is not None or (effect.status or 200) >= 400
    if effect.body is not None or not is_error:
        return answer_from(_plain(effect))
    error = _error(fault, surface)
    target.context.error_code = error.code
    target.context.request = Request(target.scope, target.receive)  # whose body can be read
    if effect.status is None and surface.served.redirect_error is not None:
        redirect = await surface.served.redirect_error(target.context, error)
        if redirect is not None:
            return answer_from(redirect)
    return answer_from(surface.served.render_error(target.context, error))


def _plain(effect: FaultEffect) -> Response:
    if effect.body is None or isinstance(effect.body, str):
        return Response(effect.body, status_code=effect.status or 200, media_type="text/plain")
    return Response(json.dumps(effect.body), status_code=effect.status or 200, media_type="application/json")


def _error(fault: Fault, surface: Surface) -> MockServerError:
    effect = fault.effect
    message = effect.message or f"The fault {fault.name} is armed to answer here, by POST /_mock/faults."
    error = (BY_CODE[effect.error] if effect.error else _by_status(effect.status or 500, surface))(message)
    if effect.status is not None:
        error.status = effect.status
    return error


def _by_status(status: int, surface: Surface) -> type[MockServerError]:
    """The most common error with that status at that surface."""
    if status == 401 and surface.name == "oauth":
        return InvalidClient
    return _BY_STATUS.get(status, MockServerError)
