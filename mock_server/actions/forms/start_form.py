"""Opens a form for a customer, and starts the request for the sign-in and consent pages.

As at the authorize endpoint, errors in the form's URL are displayed in the browser. Other errors are sent to the
client's redirect URI.
"""

from dataclasses import dataclass
from datetime import datetime

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.connecting.authorize import LONGEST_STATE, check_redirect_uri, state_of
from mock_server.actions.forms.templates import template_at
from mock_server.domain.consent.form_scope import scope_of_form
from mock_server.domain.errors import InvalidRequest, NotFound
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import AuthorizationRequest, Client, Form, Template
from mock_server.domain.signing_in import DEFAULT_WAY
from mock_server.domain.text.parameters import Parameters
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class OpenedForm:
    """A form (None for a template's public link) and the redirect URI for its result."""

    client: Client
    template: Template
    form: Form | None
    redirect_uri: str | None

    @property
    def utility(self) -> str | None:
        """The utility that the form names."""
        return self.form.utility if self.form else None


def open_form(
    sandbox: Sandbox, transaction: Transaction, portal: str, query: Parameters, *, base: str
) -> OpenedForm:
    """The form at that URL. Errors are displayed in the browser and never redirected."""
    template = template_at(transaction, portal)
    client = get_client(transaction, template.client_id)
    token = query.one("f")
    form = transaction.forms.find(token=token, template_uid=template.uid) if token else None
    if token and (form is None or form.is_disabled or form.is_archived):
        raise NotFound("This form no longer works. Ask the company that sent it to you for another one.")
    if len(query.raw("state") or "") > LONGEST_STATE:
        raise InvalidRequest(
            f"The state is too long to be sent back. Send at most {LONGEST_STATE:,} characters."
        )
    return OpenedForm(
        client=client, template=template, form=form, redirect_uri=_redirect_uri(client, query, base=base)
    )


def _redirect_uri(client: Client, query: Parameters, *, base: str) -> str | None:
    """The URL's redirect URI, else the client's first; None if the URL has noredirect=1."""
    if query.one("noredirect") == "1":
        return None
    named = query.one("redirect_uri")
    if named is not None:
        check_redirect_uri(client, named, base=base)
        return named
    return client.redirect_uris[0].replace("{base}", base) if client.redirect_uris else None


def start_form_request(
    sandbox: Sandbox, transaction: Transaction, opened: OpenedForm, query: Parameters, *, browser: str
) -> AuthorizationRequest:
    """Store the request for this browser. Its errors (InvalidRequest, InvalidScope) may be sent to the client."""
    own, named = sandbox.fixtures.utility.id, query.one("utility") or opened.utility
    if named is None or named.casefold() != own.casefold():
        raise InvalidRequest(f"The utility {quoted(named or '')} is unknown. This server plays {own}.")
    email = query.one("email") or (opened.form.customer_email if opened.form else None)
    made = form_request(
        sandbox,
        opened.client,
        opened.template.uid,
        opened.form,
        redirect_uri=opened.redirect_uri,
        state=state_of(query),
        customer_email=email[:200] if email else None,
        browser=browser,
        now=transaction.now,
    )
    transaction.requests.add(made)
    return made


def form_request(
    sandbox: Sandbox,
    client: Client,
    template_uid: str,
    form: Form | None,
    *,
    redirect_uri: str | None,
    state: str | None,
    customer_email: str | None,
    browser: str,
    now: datetime,
) -> AuthorizationRequest:
    """The request that opening a form starts."""
    scope_text = scope_of_form(
        client.scope or sandbox.fixtures.utility.default_scope,
        expires=form.expires if form else None,
        ongoing_end=form.ongoing_end if form else None,
        now=now,
    )
    scope = parse_scope(scope_text)
    return AuthorizationRequest(
        id=sandbox.random.secret(),
        client_id=client.id,
        redirect_uri=redirect_uri,
        state=state,
        scope=scope_text,
        code_challenge=None,
        code_challenge_method=None,
        prompts=False,
        browser_hash=fingerprint(browser),
        created=now,
        way=scope.authentication.way if scope.authentication else DEFAULT_WAY,
        template_uid=template_uid,
        form_uid=form.uid if form else None,
        customer_email=customer_email,
    )
