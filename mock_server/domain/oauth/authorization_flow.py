"""Which step of the browser's flow comes next: a pure function of what was answered so far."""

from typing import Literal, TypeAlias

from mock_server.domain.records import AuthorizationRequest

Step: TypeAlias = Literal["sign_in", "code", "consent", "finished"]


def next_step(request: AuthorizationRequest) -> Step:
    """The step that this request waits for; every step stores its answer and asks again."""
    if request.outcome is not None:
        return "finished"
    if request.customer_id is None:
        return "sign_in"
    if not request.is_confirmed:
        return "code"
    return "consent"
