"""The review's page among the others, where a browser that gave the control token may see it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mock_server.control.console.frame import pages
from mock_server.control.observation.review import find_findings, review_page
from mock_server.http.surface import query_of, sandbox_of

router = pages("/console")


@router.get("/review")
async def show(request: Request) -> Response:
    """What clients did wrong; `client_id` in the query asks for one of them."""
    client_id = query_of(request).one("client_id")
    findings = await run_in_threadpool(find_findings, sandbox_of(request), client_id)
    return review_page(request, findings, client_id)
