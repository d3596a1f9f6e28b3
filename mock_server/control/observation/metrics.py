"""The call that returns metrics for Prometheus."""

from starlette.responses import Response

from mock_server.control.calls import calls
from mock_server.http.context import Context
from mock_server.http.metrics import CONTENT_TYPE

router = calls()


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def read_metrics(context: Context) -> Response:
    """Counts and durations of all workers together, in Prometheus' text format."""
    states = await context.sandbox.run(context.sandboxes.states)
    return Response(context.metrics.text(sandboxes=len(states)), media_type=CONTENT_TYPE)
