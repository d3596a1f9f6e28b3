"""Registers a third party: its client, in sandbox mode, and the person who manages it."""

from dataclasses import dataclass

from mock_server.actions.clients.add_client import NewClient, add_client
from mock_server.actions.connecting.browser_sessions import start_session
from mock_server.actions.notifying.messages import send_message
from mock_server.domain.errors import Conflict
from mock_server.domain.records import Client, Person, ScopeOfUse
from mock_server.domain.signing_in.matching import normal_email
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import DEMO_REDIRECT


@dataclass(frozen=True, kw_only=True)
class Registration:
    """The form that the third party submitted, already validated (`domain.oauth.registration.mistakes_in`)."""

    first_name: str
    last_name: str
    email: str
    company_name: str
    website: str
    scope_of_use: str
    terms_url: str | None


@dataclass(frozen=True, kw_only=True)
class Registered:
    """The new client, its person, and the secret of the new session."""

    client: Client
    person: Person
    session: str


def register(
    sandbox: Sandbox,
    transaction: Transaction,
    said: Registration,
    *,
    password_hash: str,
    settings_link: str,
) -> Registered:
    """Create the client and log its person in. Raises Conflict if the email address is registered."""
    person_id = normal_email(said.email) or said.email
    now = transaction.now
    if transaction.people.find(email=person_id):
        raise Conflict("This email address is already registered. Log in, or use another one.")
    client = add_client(sandbox, transaction, _new_client(said))
    person = Person(
        email=person_id,
        first_name=said.first_name,
        last_name=said.last_name,
        password_hash=password_hash,
        client_id=client.id,
        created=now,
    )
    transaction.people.add(person)
    session = start_session(sandbox, transaction, "third party", person.email)
    send_message(
        transaction,
        to=said.email,
        channel="email",
        subject=f"{said.company_name} is registered",
        body=f"Your client {client.id} now works in sandbox mode, with test accounts. We will review your "
        f"registration and email you when you can go live. Your settings: {settings_link}",
        at=now,
    )
    return Registered(client=client, person=person, session=session)


def _new_client(said: Registration) -> NewClient:
    use = ScopeOfUse(
        id="default",
        title=f"What {said.company_name} does with your data",
        text=said.scope_of_use,
        terms_url=said.terms_url,
    )
    return NewClient(
        company_name=said.company_name,
        website=said.website,
        contact_email=said.email,
        scopes_of_use=(use,),
        redirect_uris=("{base}" + DEMO_REDIRECT,),
    )
