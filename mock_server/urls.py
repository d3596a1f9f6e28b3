"""Every URL that the server answers or prints. A link to one resource is the same string everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote, urlencode, urlsplit

from mock_server.domain.consent.bulk import bulk_id_of
from mock_server.domain.network.hosts import Host, read_host
from mock_server.domain.records import Authorization, Client
from mock_server.settings import Settings

CONTROL = "/_mock"
METADATA = "/.well-known/oauth-authorization-server"
REGISTER = "/DataCustodian/espi/1_1/register"
RESOURCE = "/DataCustodian/espi/1_1/resource"
DEMO = "/DataCustodian/thirdparty-demo"
DEMO_REDIRECT = DEMO + "/redirect"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Links:
    """All URLs below one base, which is scheme, host and the sandbox's prefix without a closing slash.

    `browser_base` is the base of what a customer's browser visits, where that differs.
    """

    base: str
    browser_base: str

    @classmethod
    def at(cls, base: str) -> "Links":
        """Links whose browser and client use the same host."""
        return cls(base, base)

    def browser(self, *parts: str) -> str:
        """A page, for a browser."""
        return "/".join([self.browser_base, *map(_segment, parts)])

    def page(self, *parts: str) -> str:
        """The path of a page, for links and forms on the server's own pages."""
        return urlsplit(self.base).path + "/" + "/".join(map(_segment, parts))

    def demo(self, *parts: str) -> str:
        """The path of a page of the demo third party."""
        return self.page(*DEMO.strip("/").split("/"), *parts)

    @property
    def authorize(self) -> str:
        """The authorization endpoint (RFC 6749 §3.1)."""
        return f"{self.browser_base}/DataCustodian/oauth/authorize"

    @property
    def token(self) -> str:
        """The token endpoint (RFC 6749 §3.2)."""
        return self.oauth("token")

    @property
    def issuer(self) -> str:
        """The issuer of codes and tokens (RFC 8414 §2, RFC 9207 §2)."""
        return self.base

    @property
    def metadata(self) -> str:
        """The metadata: the well-known path comes before the issuer's own path (RFC 8414 §3.1)."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}{METADATA}{parts.path}"

    def oauth(self, endpoint: str) -> str:
        """An endpoint of the authorization server that clients' servers call, such as `revoke`."""
        return f"{self.base}/DataCustodian/oauth/{endpoint}"

    @property
    def register(self) -> str:
        """The registration endpoint (RFC 7591 §3)."""
        return self.base + REGISTER

    def registration(self, client_id: str) -> str:
        """A client's registration: `registration_client_uri` (RFC 7592 §2)."""
        return f"{self.register}/{_segment(client_id)}"

    @property
    def data_custodian(self) -> str:
        """The authorization server (ESPI 4.0 `authorizationServerUri`)."""
        return f"{self.base}/DataCustodian"

    @property
    def sign_on(self) -> str:
        """The issuer of the utility's single sign-on (OpenID Connect Discovery §3)."""
        return f"{self.base}/sso"

    def error_help(self, code: str) -> str:
        """The page that explains an error code (RFC 6749 §5.2, `error_uri`)."""
        return self.browser("errors", code)

    def connect(self, request_id: str, *step: str) -> str:
        """The path of a step of the customer's flow."""
        return self.page("connect", request_id, *step)

    def api(self, *parts: str) -> str:
        """A URL of the JSON API."""
        return "/".join([f"{self.base}/api/v2", *map(_segment, parts)])

    def file(self, *parts: str, **query: str) -> str:
        """A file of the JSON API."""
        return self.api("files", *parts) + (f"?{urlencode(query)}" if query else "")

    def form(self, portal: str, token: str | None = None) -> str:
        """A third party's form, for a customer's browser; without a token the form is for anybody."""
        return self.browser("authorize", portal) + (f"?{urlencode({'f': token})}" if token else "")

    def resource(self, *parts: str) -> str:
        """A Green Button resource; without parts the resource endpoint (ESPI 4.0)."""
        if not parts:
            return self.base + RESOURCE
        return f"{self.base}{RESOURCE}{_collection_path(parts[:-1])}/{_segment(parts[-1])}"

    def subscription(self, authorization_uid: str, *parts: str) -> str:
        """A resource below a Subscription, which carries the authorization's uid."""
        return self.resource("Subscription", authorization_uid, *parts)

    def batch_subscription(self, authorization_uid: str) -> str:
        """All usage data of an authorization: `resourceURI`."""
        return self.resource("Batch", "Subscription", authorization_uid)

    def batch_customer(self, authorization_uid: str) -> str:
        """All customer data of an authorization: `customerResourceURI`."""
        return self.resource("Batch", "RetailCustomer", authorization_uid)

    def bulk(self, bulk_id: str) -> str:
        """The data of several authorizations (ESPI 4.0, function block 35)."""
        return self.resource("Batch", "Bulk", bulk_id)

    def authorization(self, authorization_uid: str) -> str:
        """An Authorization resource: `authorizationURI`."""
        return self.resource("Authorization", authorization_uid)

    def bill_pdf(self, uid: str, statement_date: date) -> str:
        """A bill as PDF, below the ESPI resources as in the real system."""
        return self.resource("Non-ESPI", "pdf_bill", uid, f"{statement_date}.pdf")

    def readable(self, authorization: Authorization) -> str:
        """The data that tokens of this authorization open: `resourceURI` (ESPI 4.0 §4.4)."""
        if authorization.kind == "registration":
            return self.resource("ApplicationInformation", authorization.client_id)
        if authorization.kind == "client":
            return self.bulk(bulk_id_of(authorization.client_id))
        return self.batch_subscription(authorization.uid)


@lru_cache(maxsize=1000)  # a feed names thousands of resources of few collections
def _collection_path(parts: tuple[str, ...]) -> str:
    return "".join(f"/{_segment(part)}" for part in parts)


def _segment(part: str) -> str:
    if part.isalnum() and part.isascii():
        return part  # most are numbers and types
    return quote(part, safe="-._~!$'()*+,;=:@")


def own_names(settings: Settings) -> tuple[str, ...]:
    """The host names of this server, without ports."""
    named = [urlsplit(url).hostname or "" for url in (settings.public_url, settings.browser_url) if url]
    bound = [] if settings.host in ("0.0.0.0", "::") else [settings.host]
    return (*LOOPBACK_NAMES, *bound, *settings.hosts, *filter(None, named))


def is_own_host(settings: Settings, host: Host | None) -> bool:
    """Whether a host is this server, on any port."""
    return host is not None and host.name.casefold() in _comparable(own_names(settings))


@lru_cache(maxsize=10)  # every request asks for the same names
def _comparable(names: tuple[str, ...]) -> frozenset[str]:
    in_urls = (f"[{name}]" if ":" in name and not name.startswith("[") else name for name in names)
    hosts = (read_host(name) for name in in_urls)
    return frozenset(host.name.casefold() for host in hosts if host is not None)


def links_for(settings: Settings, *, scheme: str, host: Host | None, prefix: str = "") -> Links:
    """The links for the response to a request with this Host header."""
    own = f"{scheme}://{host}" if is_own_host(settings, host) else f"http://localhost:{settings.port}"
    base = settings.public_url or own
    return Links(base + prefix, (settings.browser_url or base) + prefix)


def links_to(client: Client, settings: Settings, *, prefix: str) -> Links:
    """The links for a message to a client: the base is the one in the client's last token response."""
    host = settings.host if settings.host not in ("0.0.0.0", "::") else "localhost"
    own = settings.public_url or f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    base = client.base or own + prefix
    return Links(base, settings.browser_url + prefix if settings.browser_url else base)


def utility_forms(path: str) -> Iterable[str]:
    """The three forms of an OAuth endpoint, for `path` such as /authorize."""
    return (f"/DataCustodian/oauth{path}", f"/DataCustodian/{{utility}}/oauth{path}", f"/oauth{path}")
