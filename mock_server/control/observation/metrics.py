"""What the server counted, for Prometheus."""

from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.calls import calls
from mock_server.http.metrics import CONTENT_TYPE
from mock_server.http.surface import SANDBOXES, metrics_of, sandbox_of

router = calls()


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def read_metrics(request: Request) -> Response:
    """Counts and durations in Prometheus' text format, of all workers together."""
    states = await sandbox_of(request).run(request.scope[SANDBOXES].states)
    return Response(metrics_of(request).text(sandboxes=len(states)), media_type=CONTENT_TYPE)
