"""Submits a form without a browser; a scenario selects the customer and what happens to the data."""

from dataclasses import replace

from mock_server.actions.authorizations.authorizations import revoke_within
from mock_server.actions.clients.find_client import get_client
from mock_server.actions.connecting.consent import give_referral
from mock_server.actions.connecting.find_customer import find_customer
from mock_server.actions.connecting.make_authorization import authorize_services
from mock_server.actions.forms.forms import get_form
from mock_server.actions.forms.start_form import form_request
from mock_server.actions.sandboxes.customers import list_customers
from mock_server.domain.consent.consent import propose_consent
from mock_server.domain.consent.scenarios import SCENARIOS, Scenario
from mock_server.domain.errors import InvalidParameter
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Customer
from mock_server.domain.signing_in.aliases import scenario_error
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def submit_form(
    sandbox: Sandbox, transaction: Transaction, client_id: str, uid: str, *, utility: str, scenario: str
) -> str:
    """Run the scenario and return the referral code. Raises NotFound, InvalidParameter."""
    own = sandbox.fixtures.utility.id
    if utility.casefold() != own.casefold():
        raise InvalidParameter(f"utility={quoted(utility)} is unknown. This server plays {own}.")
    selected, customer = _scenario_and_customer(sandbox, transaction, scenario)
    now, form, client = (
        transaction.now,
        get_form(transaction, client_id, uid),
        get_client(transaction, client_id),
    )
    request = form_request(
        sandbox,
        client,
        form.template_uid,
        form,
        redirect_uri=None,
        state=None,
        customer_email=form.customer_email,
        browser="",
        now=now,
    )
    consent = propose_consent(parse_scope(request.scope), customer, now=now)
    consent = replace(consent, service_ids=consent.service_ids[: selected.services if selected else None])
    made = authorize_services(
        transaction,
        request,
        customer=customer,
        consent=consent,
        now=now,
        scenario=selected.name if selected else None,
    )
    if selected and selected.ends_revoked:
        revoke_within(transaction, made.authorization.uid)
    return give_referral(sandbox, transaction, made.authorization, now=now)


def _scenario_and_customer(
    sandbox: Sandbox, transaction: Transaction, name: str
) -> tuple[Scenario | None, Customer]:
    """The scenario and a customer for it, or no scenario and the test customer of that name."""
    if (error := scenario_error(name)) is not None:
        raise error
    wanted = name.removeprefix("UAPI_TEST_")
    selected = next((one for one in SCENARIOS if one.name == wanted), None)
    if selected is None:
        customer = find_customer(sandbox, transaction, name)
        if customer is not None and customer.is_test_account:
            return None, customer
        known = ", ".join(one.name for one in SCENARIOS)
        raise InvalidParameter(
            f"scenario={quoted(name)} is unknown. Send one of {known}, or the name of a test customer."
        )
    matching = [
        one
        for one in list_customers(sandbox, transaction, only_test_accounts=True)
        if one.kind == selected.kind
    ]
    customer = next((one for one in matching if any(one.services())), None)
    if customer is None:
        raise InvalidParameter(
            f"The scenario {selected.name} needs a {selected.kind} test customer, and there is none."
        )
    return selected, customer
