"""The experimental look-up of utilities, which finds this one."""

from starlette.responses import Response

from mock_server.api.bodies import answer, calls
from mock_server.api.call import Call, reading
from mock_server.api.lists import described, flag
from mock_server.api.objects.utility import FoundUtility, UtilityListing
from mock_server.http.context import Context

router = calls("/api/experimental")


@router.get(
    "/utility-lookup",
    response_model=UtilityListing,
    openapi_extra=described(
        q="Part of a utility's name or id.",
        include_unsupported="true or false; every utility here is supported.",
    ),
)
async def look_up_utilities(context: Context) -> Response:
    """Find utilities by part of their name or id."""
    return answer(await reading(context, _found))


def _found(call: Call) -> UtilityListing:
    utility, wanted = call.sandbox.fixtures.utility, (call.query.one("q") or "").casefold()
    flag(call.query, "include_unsupported")
    if wanted not in utility.name.casefold() and wanted not in utility.id.casefold():
        return UtilityListing(utilities=[])
    address = call.links.browser("third-party", "register")
    return UtilityListing(
        utilities=[FoundUtility(id=utility.id, name=utility.name, third_party_registration=address)]
    )
