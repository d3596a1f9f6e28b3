"""Files of an authorization for a logged-in browser: the responses of the APIs, saved as files.

The call goes to our own router with the client's API token, so that a file from here and one from the API are the same
bytes, in pieces where those are. The token never reaches the browser.
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
    """The answer of another address of ours, as a file with a name."""

    def __init__(self, context: RequestContext, address: str, *, token: str, name: str) -> None:
        super().__init__()
        self._context = context
        self._address = urlsplit(address)
        self._token = token
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the other address answer."""
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
    """One of the FILES. Raises NotFound, Conflict for a client without a token or where nothing is shared any more."""
    visit = await visit_of(context)
    share = await own_share(context, visit, uid)
    meters = ",".join(shared.meter.uid for shared in share.meters)
    addresses = {
        "green-button.xml": _PATHS.batch_subscription(uid),
        "customer.xml": _PATHS.batch_customer(uid),
        "readings.csv": _PATHS.file("intervals_csv", meters=meters),
        "bills.csv": _PATHS.file("meters_bills_csv", meters=meters),
        "meters.csv": _PATHS.file("meters_csv", accounts=uid),
    }
    if name not in addresses:
        raise NotFound(f"There is no file {name[:40]!r}. The authorization's page has links to all files.")
    return _forwarded(context, visit, share, addresses[name], name=f"{uid}-{name}")


@router.get("/{uid}/bills/{bill_uid}.pdf")
async def read_bill(context: Context, uid: str, bill_uid: str) -> Response:
    """A bill as PDF."""
    visit = await visit_of(context)
    share = await own_share(context, visit, uid)
    if not any(bill_uid.startswith(shared.meter.uid) for shared in share.meters):
        raise NotFound("There is no such bill. The authorization's page has links to all bills.")
    address = _PATHS.file("pdf_bill", bill_uid, "bill.pdf")
    return _forwarded(context, visit, share, address, name=f"bill-{quote(bill_uid)}.pdf")


async def own_share(context: RequestContext, visit: Visit, uid: str) -> Share:
    """The authorization, if it is the visit's client's. Raises NotFound."""
    sandbox = context.sandbox
    share = await sandbox.run(sandbox.read, get_share, uid)
    if share.authorization.client_id != visit.client.id:
        raise NotFound(f"{visit.client.company_name} has no authorization {uid[:40]!r}.")
    return share


def _forwarded(context: RequestContext, visit: Visit, share: Share, address: str, *, name: str) -> Response:
    status = share.authorization.status_at(share.now)
    if status != "active":
        raise Conflict(f"The authorization is {status}: its data is no longer shared.")
    if not visit.client.api_token:
        raise Conflict(
            "Files are read with the client's JSON API token, and there is none yet. Have one made in the settings."
        )
    return Forwarded(context, address, token=visit.client.api_token, name=name)
