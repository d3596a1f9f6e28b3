"""The review page, for browsers that hold the console's cookie."""

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mock_server.control.console.frame import pages
from mock_server.control.observation.review import find_findings, review_page
from mock_server.http.context import Context

router = pages("/console")


@router.get("/review")
async def show(context: Context) -> Response:
    """The findings; `client_id` in the query selects one client."""
    client_id = context.query.one("client_id")
    findings = await run_in_threadpool(find_findings, context.sandbox, client_id)
    return review_page(context, findings, client_id)
