"""The first lines of the log: URLs, customers, clients."""

from mock_server.actions.sandboxes.customers import in_order_of_use
from mock_server.fixtures import bundled_folder, load_fixtures
from mock_server.settings import Settings
from mock_server.urls import RESOURCE, Links

_TARGETS = {
    True: "go to any address, including this machine and its network",
    False: "go to public addresses only; MOCK_SERVER_PRIVATE_TARGETS=true allows all",
}


def banner(settings: Settings) -> str:
    """The URLs, customers and clients that a new user needs."""
    fixtures = load_fixtures(settings.fixtures or bundled_folder(), seed=settings.seed)
    base = settings.public_url or f"http://localhost:{settings.port}"
    links = Links(base, settings.browser_url or base)
    lines = [
        f"{fixtures.utility.name} ({fixtures.utility.id}) is open: {links.browser_base}/",
        "",
        f"  authorize      {links.authorize}",
        f"  token          {links.token}",
        f"  Green Button   {links.base}{RESOURCE}",
        f"  JSON API       {links.api()}",
        f"  control        {links.base}/_mock  ({_who_controls(settings)})",
        f"  webhooks       {_TARGETS[settings.allows_private_targets]}",
        "",
        "  customers      "
        + ", ".join(customer.id for customer in in_order_of_use(fixtures.customers, fixtures.utility)),
    ]
    default = fixtures.utility.default_client
    for client in sorted(fixtures.clients, key=lambda client: client.id != default):
        secret = client.secret or "no secret"
        lines.append(f"  client         {client.id}  {secret}  ({client.company_name}, {client.mode})")
    return "\n".join(lines) + "\n"


def _who_controls(settings: Settings) -> str:
    """Who may call the control API, and which setting changes that."""
    match settings.control_access:
        case "token":
            return "needs MOCK_SERVER_CONTROL_TOKEN as a bearer token"
        case "off" if settings.control == "off":
            return "off, because MOCK_SERVER_CONTROL (--control) is off"
        case "off":
            return "off; set MOCK_SERVER_CONTROL_TOKEN or MOCK_SERVER_CONTROL=open to use it"
    if settings.control_token:
        return "open, no token needed; MOCK_SERVER_CONTROL=token requires it"
    return "open to everyone who can reach the server"
