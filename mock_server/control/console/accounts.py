"""The accounts page: each customer's purpose, sign-in values, and link to a test scenario."""

from urllib.parse import urlencode

from starlette.responses import Response

from mock_server.actions.sandboxes.customers import list_customers
from mock_server.control.console.frame import console_page, pages
from mock_server.domain.records import Customer
from mock_server.domain.signing_in import all_ways, test_scenario
from mock_server.http.context import Context
from mock_server.urls import Links

router = pages("/console")


@router.get("/accounts")
async def show(context: Context) -> Response:
    """All customers, in the order of the home page."""
    sandbox, links = context.sandbox, context.links
    customers = await sandbox.run(sandbox.read, list_customers)
    return console_page(
        context,
        "accounts.html",
        here="Accounts",
        customers=[_card(customer, links) for customer in customers],
    )


def _card(customer: Customer, links: Links) -> dict[str, object]:
    examples = [(way.label, way.example(customer)) for way in all_ways()]
    ways = [(label, ", ".join(answers.values())) for label, answers in examples if answers]
    query = urlencode({"customer": customer.id, "way": test_scenario.WAY.name})
    return {
        "name": customer.name,
        "about": customer.about,
        "is_test_account": customer.is_test_account,
        "ways": ways,
        "accounts": [
            {
                "number": account.number,
                "address": str(account.billing_address),
                "services": [f"{service.kind.capitalize()} {service.id}" for service in account.services],
            }
            for account in customer.accounts
        ],
        "scenario_url": f"{links.demo()}?{query}",
    }
