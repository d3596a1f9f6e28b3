"""Entries about a client and its authorizations."""

from collections.abc import Iterable

from mock_server.actions.reading.authorization_status import AuthorizationWithStatus
from mock_server.domain.consent.bulk import bulk_id_of
from mock_server.domain.records import Client, Utility
from mock_server.espi.feed import ids
from mock_server.espi.feed.atom import Entry, RenderContext, payload
from mock_server.espi.xml import management
from mock_server.espi.xml.spelling import USAGE, Element, Spelling


def write_batch_list(addresses: Iterable[str]) -> bytes:
    """A notification's body. It has the literal prefix in every dialect: receivers look for it (ESPI 4.0 §9.1)."""
    element = management.batch_list(Spelling(USAGE, is_prefixed=True), addresses)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + payload(element)


def authorization(render_context: RenderContext, authorization_status: AuthorizationWithStatus) -> Entry:
    """An Authorization. Revoked and expired ones remain readable, with their status."""
    return Entry(
        place=ids.authorization(authorization_status.authorization.uid),
        family=USAGE,
        published=authorization_status.authorization.created,
        payload=payload(authorization_payload(render_context, authorization_status)),
    )


def authorization_payload(
    render_context: RenderContext, authorization_status: AuthorizationWithStatus
) -> Element:
    """The payload of an Authorization entry."""
    return management.authorization(
        render_context.spelling(USAGE),
        render_context.links,
        authorization_status.authorization,
        is_active=authorization_status.status == "active",
        token_expires=authorization_status.token_expires,
    )


def application_information(render_context: RenderContext, utility: Utility, client: Client) -> Entry:
    """A client's registration."""
    return Entry(
        place=ids.application_information(client.id),
        family=USAGE,
        published=client.created,
        payload=payload(application_payload(render_context, utility, client)),
    )


def application_payload(render_context: RenderContext, utility: Utility, client: Client) -> Element:
    """The payload of an ApplicationInformation entry."""
    return management.application_information(
        render_context.spelling(USAGE),
        render_context.links,
        client,
        custodian=utility.id,
        bulk_uri=render_context.links.bulk(bulk_id_of(client.id)),
    )
