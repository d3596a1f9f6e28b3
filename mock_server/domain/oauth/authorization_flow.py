"""Returns the next step of the browser flow from the answers given so far. Pure."""

from typing import Literal, TypeAlias

from mock_server.domain.records import AuthorizationRequest

Step: TypeAlias = Literal["sign_in", "code", "consent", "finished"]


def next_step(request: AuthorizationRequest) -> Step:
    """Returns the step to show for a request (RFC 6749 §4.1.1). Each step stores its answer, then calls this again."""
    if request.outcome is not None:
        return "finished"
    if request.customer_id is None:
        return "sign_in"
    if not request.is_confirmed:
        return "code"
    return "consent"
