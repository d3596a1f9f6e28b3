"""Who is measured: our server, a bare app, two mock servers of others; how each is started and asked for tokens.

What others need is fetched by `make peers` into `benchmarks/peers`; what is not there is named in the table.
"""

import base64
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from urllib.parse import parse_qs, quote, urlsplit

from benchmarks.load import Answer, Line, Story
from benchmarks.processes import PYTHON, Served, free_port, served

FOLDER = Path(__file__).parent / "peers"
REDIRECT_URI = "http://localhost:9000/cb"
OAUTH2_MOCK_SERVER = FOLDER / "node_modules" / "oauth2-mock-server" / "dist" / "oauth2-mock-server.mjs"
OIDC_PROVIDER_MOCK = FOLDER / ".venv" / "bin" / "oidc-provider-mock"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A server beside ours. `missing` says what it lacks on this machine."""

    name: str
    command: Callable[[int], tuple[str, ...]]
    missing: str | None = None
    client_credentials: Story | None = None
    code_flow: Story | None = None


@contextmanager
def ours(*options: str, database_url: str | None = None) -> Iterator[Served]:
    """Our server, durable: on a file of SQLite unless another database is named."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        url = database_url or f"sqlite:///{folder}/bench.db"
        defaults = ("--port", str(port), "--database-url", url, "--log-level", "error", "--auto-approve")
        command = (PYTHON, "-m", "mock_server", *defaults, *options)
        with served(*command, port=port, path="/_mock/health") as server:
            yield server


@dataclass(frozen=True)
class OurClient:
    """The seeded client's stories."""

    id: str
    secret: str
    api_token: str

    @property
    def _basic(self) -> str:
        return _basic(self.id, self.secret)

    async def client_credentials(self, line: Line) -> Answer:
        """A token for the client itself."""
        body = "grant_type=client_credentials"
        return await line.ask("POST", "/DataCustodian/oauth/token", headers=self._basic, body=body)

    async def code_flow(self, line: Line) -> Answer:
        """Authorize, as a customer who is found by the scope, and redeem the code."""
        scope = quote("FB=4_15_16;AdditionalScope=auth-test-test_residential")
        authorize_request = _authorize(self.id, scope)
        code = _code(await line.ask("GET", f"/DataCustodian/oauth/authorize?{authorize_request}", status=302))
        body = f"grant_type=authorization_code&code={code}&redirect_uri={quote(REDIRECT_URI, safe='')}"
        return await line.ask("POST", "/DataCustodian/oauth/token", headers=self._basic, body=body)


def our_client(server: Served) -> OurClient:
    """The seeded client."""
    found = server.call("GET", "/_mock/clients")["clients"][0]
    return OurClient(found["client_id"], found["client_secret"], found["api_token"])


def _basic(client_id: str, secret: str) -> str:
    credentials = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return f"Authorization: Basic {credentials}\r\n"


def _authorize(client_id: str, scope: str) -> str:
    uri = quote(REDIRECT_URI, safe="")
    return f"response_type=code&client_id={client_id}&redirect_uri={uri}&scope={scope}&state=s"


def _code(answer: Answer) -> str:
    location = answer.header(b"location").decode()
    return parse_qs(urlsplit(location).query)["code"][0]


async def _bare_token(line: Line) -> Answer:
    return await line.ask("POST", "/token", headers=_basic("c", "s"), body="grant_type=client_credentials")


async def _oauth2_token(line: Line) -> Answer:
    return await line.ask("POST", "/token", headers=_basic("c", "s"), body="grant_type=client_credentials")


async def _oauth2_flow(line: Line) -> Answer:
    code = _code(await line.ask("GET", f"/authorize?{_authorize('c', 'openid')}", status=302))
    body = f"grant_type=authorization_code&code={code}&redirect_uri={quote(REDIRECT_URI, safe='')}"
    return await line.ask("POST", "/token", headers=_basic("c", "s"), body=body)


async def _oidc_flow(line: Line) -> Answer:
    authorize_request = f"/oauth2/authorize?{_authorize('c', 'openid')}"
    code = _code(await line.ask("POST", authorize_request, body="sub=joe", status=302))
    body = f"grant_type=authorization_code&code={code}&redirect_uri={quote(REDIRECT_URI, safe='')}"
    answer = await line.ask("POST", "/oauth2/token", headers=_basic("c", "s"), body=body)
    assert "access_token" in json.loads(answer.body)
    return answer


BARE = Peer(
    name="bare FastAPI",
    command=lambda port: (PYTHON, "-m", "benchmarks.bare", str(port)),
    client_credentials=_bare_token,
)
_NEEDS_NPM = None if OAUTH2_MOCK_SERVER.exists() and which("node") else "not there: node and make peers"
_NEEDS_PIP = None if OIDC_PROVIDER_MOCK.exists() else "not there: make peers"
OAUTH2 = Peer(
    name="oauth2-mock-server",
    command=lambda port: ("node", str(OAUTH2_MOCK_SERVER), "-a", "127.0.0.1", "-p", str(port)),
    missing=_NEEDS_NPM,
    client_credentials=_oauth2_token,
    code_flow=_oauth2_flow,
)
OIDC = Peer(
    name="oidc-provider-mock",
    command=lambda port: (str(OIDC_PROVIDER_MOCK), "-p", str(port)),
    missing=_NEEDS_PIP,
    code_flow=_oidc_flow,
)
FLOOR = Peer(
    name="the floor",
    command=lambda port: (PYTHON, "-m", "benchmarks.floor", str(port), f"{tempfile.mkdtemp()}/floor.db"),
    client_credentials=_oauth2_token,
    code_flow=_oauth2_flow,
)
PEERS = (BARE, FLOOR, OAUTH2, OIDC)


@contextmanager
def running(*peers: Peer) -> Iterator[dict[str, Served]]:
    """Those of them that are there, by name."""
    with ExitStack() as stack:
        yield {peer.name: stack.enter_context(_started(peer)) for peer in peers if peer.missing is None}


@contextmanager
def _started(peer: Peer) -> Iterator[Served]:
    port = free_port()
    with served(*peer.command(port), port=port) as server:
        yield server
