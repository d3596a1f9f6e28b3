"""Help pages: data sharing for customers, and error codes for developers (`error_uri`, `url`)."""

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.domain.errors import NotFound
from mock_server.domain.signing_in import all_ways
from mock_server.http.context import Context
from mock_server.pages.help.explanations import EXPLANATIONS
from mock_server.ui import page

router = APIRouter(include_in_schema=False)


@router.get("/auth-help")
async def sharing_help(context: Context) -> Response:
    """Explain to a customer how sharing works and how it ends."""
    return page(
        context,
        "pages/auth_help.html",
        ways=[{"title": way.title, "lead": way.lead} for way in all_ways()],
        own_url=context.links.page("my-authorizations"),
    )


@router.get("/errors/{code}")
async def error_help(context: Context, code: str) -> Response:
    """Explain one error code."""
    explanation = EXPLANATIONS.get(code)
    if explanation is None:
        raise NotFound(
            f"There is no error code {code[:40]!r}. The error codes are: {', '.join(EXPLANATIONS)}."
        )
    links = context.links
    return page(
        context,
        "pages/error_help.html",
        code=code,
        meaning=explanation.meaning,
        clause=explanation.clause,
        causes=[{"cause": cause, "fix": fix} for cause, fix in explanation.causes],
        all_codes=[{"code": known, "url": links.page("errors", known)} for known in EXPLANATIONS],
    )
