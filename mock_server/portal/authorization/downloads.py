"""Downloads API responses of an authorization as files, in a logged-in browser.

The request is forwarded to our own router with the client's API token. So the file has the same bytes as the API's
response, and a streamed response stays streamed. The token never reaches the browser.
"""

from urllib.parse import quote, unquote, urlsplit

from fastapi import APIRouter
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from mock_server.actions.reading.shares import Share, get_share
from mock_server.domain.errors import Conflict, NotFound
from mock_server.http.context import Context, RequestContext, attach
from mock_server.http.responses.header_fields import attachment
from mock_server.portal.visit import Visit, visit_of
from mock_server.urls import Links

router = APIRouter(prefix="/dashboard/authorizations", include_in_schema=False)

_PATHS = Links.at("")
FILES = ("green-button.xml", "customer.xml", "readings.csv", "bills.csv", "meters.csv")


class Forwarded(Response):
    """The response of another URL of this server, as a named attachment."""

    def __init__(self, context: RequestContext, address: str, *, token: str, name: str) -> None:
        super().__init__()
        self._context = context
        self._address = urlsplit(address)
        self._token = token
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Forward the request without its cookies, with the token."""
        dropped = (b"authorization", b"cookie")
        headers = [(name, value) for name, value in scope["headers"] if name not in dropped]
        inner = {
            **scope,
            "path": unquote(self._address.path),
            "raw_path": self._address.path.encode(),
            "query_string": self._address.query.encode(),
            "headers": [*headers, (b"authorization", f"Bearer {self._token}".encode())],
        }

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                headers.update(attachment(self._name))
                headers["Cache-Control"] = "no-store"
            await send(message)

        attach(self._context.copy(), inner)
        await self._context.request.app.router(inner, receive, named)


@router.get("/{uid}/files/{name}")
async def read_file(context: Context, uid: str, name: str) -> Response:
    """One of FILES. Raises NotFound, and Conflict without an API token or for an ended authorization."""
    visit = await visit_of(context)
    share = await own_share(context, visit, uid)
    meters = ",".join(shared.meter.uid for shared in share.meters)
    urls = {
        "green-button.xml": _PATHS.batch_subscription(uid),
        "customer.xml": _PATHS.batch_customer(uid),
        "readings.csv": _PATHS.file("intervals_csv", meters=meters),
        "bills.csv": _PATHS.file("meters_bills_csv", meters=meters),
        "meters.csv": _PATHS.file("meters_csv", accounts=uid),
    }
    if name not in urls:
        raise NotFound(f"There is no file {name[:40]!r}. The page of the authorization links to all files.")
    return _forwarded(context, visit, share, urls[name], name=f"{uid}-{name}")


@router.get("/{uid}/bills/{bill_uid}.pdf")
async def read_bill(context: Context, uid: str, bill_uid: str) -> Response:
    """A bill as PDF."""
    visit = await visit_of(context)
    share = await own_share(context, visit, uid)
    if not any(bill_uid.startswith(shared.meter.uid) for shared in share.meters):
        raise NotFound("There is no such bill. The page of the authorization links to all bills.")
    url = _PATHS.file("pdf_bill", bill_uid, "bill.pdf")
    return _forwarded(context, visit, share, url, name=f"bill-{quote(bill_uid)}.pdf")


async def own_share(context: RequestContext, visit: Visit, uid: str) -> Share:
    """The authorization. Raises NotFound if it does not belong to the visit's client."""
    sandbox = context.sandbox
    share = await sandbox.run(sandbox.read, get_share, uid)
    if share.authorization.client_id != visit.client.id:
        raise NotFound(f"{visit.client.company_name} has no authorization {uid[:40]!r}.")
    return share


def _forwarded(context: RequestContext, visit: Visit, share: Share, url: str, *, name: str) -> Response:
    status = share.authorization.status_at(share.now)
    if status != "active":
        raise Conflict(f"The authorization is {status}. Its data is no longer shared.")
    if not visit.client.api_token:
        raise Conflict(
            "Downloads need a JSON API token, and this client has none. Create one in the settings."
        )
    return Forwarded(context, url, token=visit.client.api_token, name=name)
