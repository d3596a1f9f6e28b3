"""The home page: URLs, clients, customers, and the first steps."""

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.clients.find_client import list_clients
from mock_server.actions.sandboxes.customers import list_customers
from mock_server.domain.oauth.redirect_uris import origin_of
from mock_server.domain.records import Client, Customer
from mock_server.http.browser import THIRD_PARTY_FORMS, browser_or_new, form_token, remember_browser
from mock_server.http.context import Context
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.ui import page, static_file
from mock_server.urls import RESOURCE, Links

router = APIRouter(include_in_schema=False)

EXAMPLE_SCOPE = "FB=4_16_51;AdditionalScope=auth-test-test_residential"


@router.get("/")
async def home(context: Context) -> Response:
    """The home page."""
    sandbox, links = context.sandbox, context.links
    customers, clients = await sandbox.run(sandbox.read, _read)
    access = sandbox.settings.control_access
    has_control = access != "off"
    # Only the secrets of the fixtures' clients are public. Those of registered clients were displayed once.
    seeded = {client.id for client in sandbox.fixtures.clients}
    browser = browser_or_new(context)
    response = page(
        context,
        "pages/home.html",
        form_targets=[origin_of(links.authorize)],
        csrf=form_token(browser, THIRD_PARTY_FORMS),
        demo_url=links.demo(),
        base_url=links.base,
        tools=_tools(links, has_control=has_control),
        urls=_urls(links, has_control=has_control),
        customers=[_customer(customer) for customer in customers],
        clients=[_client(client, links) for client in clients if client.id in seeded],
        register_url=links.page("third-party", "register"),
        start_url=start_url(links, clients[0]) if clients else None,
        first_steps=first_steps(links, clients[0], access) if clients else [],
    )
    remember_browser(context, response, browser)
    return response


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """A static file, such as the stylesheet."""
    return static_file(name)


def _read(sandbox: Sandbox, transaction: Transaction) -> tuple[list[Customer], list[Client]]:
    clients = list_clients(transaction, first=sandbox.fixtures.utility.default_client)
    return list_customers(sandbox, transaction), clients


def _urls(links: Links, *, has_control: bool) -> list[dict[str, str]]:
    control = {
        "title": "Control",
        "url": f"{links.base}/_mock/clients",
        "note": "for tests: clients, clock, messages, reset",
    }
    return [
        {"title": "Authorize", "url": links.authorize, "note": "redirect the customer's browser here"},
        {"title": "Token", "url": links.token, "note": "your server gets tokens here"},
        {"title": "Green Button", "url": links.base + RESOURCE, "note": "base of all ESPI resources"},
        {"title": "JSON API", "url": links.api(), "note": "authorizations, meters, intervals"},
        {"title": "Single sign-on", "url": links.sign_on, "note": "the utility's own OpenID provider"},
        *([control] if has_control else []),
    ]


def _tools(links: Links, *, has_control: bool) -> list[dict[str, str]]:
    tools = (
        ("exchanges", "Request log", "what your client sent, and why it failed"),
        ("messages", "Messages", "emails and one-time codes for customers"),
        ("clock", "Clock", "move to the next day or month, and get new data"),
        ("faults", "Faults", "make the utility fail, slow down or break connections"),
        ("accounts", "Accounts", "the test customers and how they sign in"),
        ("clients", "Clients", "secrets, approval, sandbox and live mode"),
        ("review", "Review", "what your client does wrong, and how to fix it"),
    )
    demo = {
        "title": "Demo client",
        "note": "a client that displays each step and builds URLs for yours",
        "url": links.demo(),
    }
    return [demo] + [
        {"title": title, "note": note, "url": links.page("_mock", "console", name)}
        for name, title, note in tools
        if has_control
    ]


def _customer(customer: Customer) -> dict[str, object]:
    facts = [
        (
            "Scenario, user name and password",
            customer.id if customer.id == customer.password else f"{customer.id} / {customer.password}",
        ),
        ("Phone", customer.phone),
        ("Email", customer.email),
    ]
    facts += [("Account", account.number) for account in customer.accounts]
    if customer.accounts:
        facts.append(("Billing address", str(customer.accounts[0].billing_address)))
    if customer.last_bill:
        bill = customer.last_bill
        facts.append(("Last bill", f"{bill.account_number}, {bill.amount}, {bill.statement_date}"))
    return {"title": customer.name, "about": customer.about, "facts": facts}


def _client(client: Client, links: Links) -> dict[str, object]:
    uris = [uri.replace("{base}", links.base) for uri in client.redirect_uris]
    return {
        "company_name": client.company_name,
        "client_id": client.id,
        "client_secret": client.secret or "none: a public client",
        "mode": client.mode,
        "redirect_uris": uris + (["http://127.0.0.1 on any port"] if client.allows_loopback else []),
        "api_token": client.api_token or "none",
    }


def start_url(
    links: Links, client: Client, *, redirect_uri: str | None = None, scope: str = EXAMPLE_SCOPE
) -> str:
    """An authorize URL; without a redirect URI, the customer gets a receipt page."""
    query = {"response_type": "code", "client_id": client.id, "scope": scope, "state": "any-random-text"}
    if redirect_uri is not None:
        query["redirect_uri"] = redirect_uri
    return f"{links.authorize}?{urlencode(query)}"


def first_steps(links: Links, client: Client, access: str) -> list[dict[str, str]]:
    """Shell commands that authorize, redeem and read; empty if the control API is off."""
    if access == "off":
        return []
    token = ' -H "Authorization: Bearer $MOCK_SERVER_CONTROL_TOKEN"' if access == "token" else ""
    return [
        {
            "title": "Authorize as the test customer, without a browser",
            "command": f"curl -s {links.base}/_mock/authorizations{token} -H 'Content-Type: application/json' "
            f"""-d '{{"scope": "{EXAMPLE_SCOPE}"}}'""",
        },
        {
            "title": "Redeem the code from the response",
            "command": f"curl -s -u {client.id}:{client.secret} {links.token} -d grant_type=authorization_code "
            "-d code=THE_CODE",
        },
        {
            "title": "Read the customer's data with the access token",
            "command": "curl -s -H 'Authorization: Bearer THE_TOKEN' RESOURCE_URI",
        },
    ]
