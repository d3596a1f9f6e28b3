"""What a client reads about itself and its agreements, as entries."""

from collections.abc import Iterable

from mock_server.actions.reading.authorization_status import Standing
from mock_server.domain.consent.bulk import bulk_id_of
from mock_server.domain.records import Client, Utility
from mock_server.espi.feed import ids
from mock_server.espi.feed.atom import Entry, Paper, payload
from mock_server.espi.xml import management
from mock_server.espi.xml.spelling import USAGE, Element, Spelling


def write_batch_list(addresses: Iterable[str]) -> bytes:
    """A notification's body, with the literal prefix in every dialect: receivers look for it (ESPI 4.0 §9.1)."""
    said = management.batch_list(Spelling(USAGE, is_prefixed=True), addresses)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + payload(said)


def authorization(paper: Paper, standing: Standing) -> Entry:
    """One agreement; a revoked or expired one still stands there, as such."""
    return Entry(
        place=ids.authorization(standing.authorization.uid),
        family=USAGE,
        published=standing.authorization.created,
        payload=payload(authorization_payload(paper, standing)),
    )


def authorization_payload(paper: Paper, standing: Standing) -> Element:
    """What the entry says."""
    return management.authorization(
        paper.spelling(USAGE),
        paper.links,
        standing.authorization,
        is_active=standing.status == "active",
        token_expires=standing.token_expires,
    )


def application_information(paper: Paper, utility: Utility, client: Client) -> Entry:
    """A client's registration."""
    return Entry(
        place=ids.application_information(client.id),
        family=USAGE,
        published=client.created,
        payload=payload(application_payload(paper, utility, client)),
    )


def application_payload(paper: Paper, utility: Utility, client: Client) -> Element:
    """What the entry says."""
    return management.application_information(
        paper.spelling(USAGE),
        paper.links,
        client,
        custodian=utility.id,
        bulk_uri=paper.links.bulk(bulk_id_of(client.id)),
    )
