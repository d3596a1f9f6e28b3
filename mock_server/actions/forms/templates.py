"""Templates of forms. Each client starts with one, whose URL is derived from its company's name."""

import re
from datetime import datetime

from mock_server.domain.errors import InvalidParameter, NotFound
from mock_server.domain.records import Client, Template
from mock_server.store import Transaction

FIRST_TEMPLATE = 20_001


def add_template(transaction: Transaction, client: Client, *, at: datetime) -> Template:
    """Add a template for a client. If its URL name is taken, a number is appended."""
    template = Template(
        uid=transaction.next_number("template", first=FIRST_TEMPLATE),
        client_id=client.id,
        portal=_free_portal(transaction, client.company_name),
        created=at,
        updated=at,
    )
    transaction.templates.add(template)
    return template


def _free_portal(transaction: Transaction, company_name: str) -> str:
    wanted = re.sub(r"[^a-z0-9]+", "_", company_name.casefold()).strip("_")[:80] or "portal"
    taken = {template.portal for template in transaction.templates.list()}
    numbered = (f"{wanted}_{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (wanted, *numbered) if name not in taken)


def newest_template(transaction: Transaction, client: Client, *, at: datetime) -> Template:
    """The client's newest enabled template; one is added if there is none."""
    found = transaction.templates.list(client_id=client.id, is_disabled=False, order="-uid", limit=1)
    return found[0] if found else add_template(transaction, client, at=at)


def own_template(transaction: Transaction, client_id: str, uid: str) -> Template:
    """One of the client's enabled templates. Raises InvalidParameter."""
    found = transaction.templates.find(uid=uid, client_id=client_id)
    if found is None or found.is_disabled:
        raise InvalidParameter(
            f"template_uid={uid[:40]!r} is not one of your enabled templates. GET /templates lists them."
        )
    return found


def template_at(transaction: Transaction, portal: str) -> Template:
    """The template with that URL name. Raises NotFound."""
    found = transaction.templates.find(portal=portal)
    if found is None or found.is_disabled:
        raise NotFound("There is no form at this address, or the company no longer uses it.")
    return found
