"""The tables, one per record; every row belongs to a sandbox."""

import hashlib

from sqlalchemy import Column, String, Table

from mock_server.store.tables.authorizations import (
    authorizations,
    codes,
    collections,
    grants,
    meters,
    pushed_requests,
    requests,
    tokens,
)
from mock_server.store.tables.clients import clients, used_assertions
from mock_server.store.tables.columns import metadata
from mock_server.store.tables.customers import customers, look_ups
from mock_server.store.tables.events import attempts, bulks, events, notifications, webhooks
from mock_server.store.tables.faults import faults
from mock_server.store.tables.forms import forms, referrals, templates
from mock_server.store.tables.journal import exchanges, journal_pages
from mock_server.store.tables.people import browser_sessions, people
from mock_server.store.tables.sandbox import (
    call_counts,
    counters,
    demo_runs,
    guesses,
    messages,
    revisions,
    snapshots,
    states,
)
from mock_server.store.tables.sign_on import sign_on_codes, sign_on_sessions, signing_keys
from mock_server.store.tables.tariffs import tariffs

__all__ = [
    "attempts",
    "authorizations",
    "browser_sessions",
    "bulks",
    "call_counts",
    "clients",
    "codes",
    "collections",
    "counters",
    "customers",
    "demo_runs",
    "events",
    "exchanges",
    "faults",
    "forms",
    "grants",
    "guesses",
    "journal_pages",
    "layout_digest",
    "layouts",
    "look_ups",
    "messages",
    "metadata",
    "meters",
    "notifications",
    "people",
    "pushed_requests",
    "referrals",
    "requests",
    "revisions",
    "sign_on_codes",
    "sign_on_sessions",
    "signing_keys",
    "snapshots",
    "states",
    "tariffs",
    "templates",
    "tokens",
    "used_assertions",
    "webhooks",
]

layouts = Table("mock_server_layout", metadata, Column("digest", String(64), primary_key=True))


def layout_digest() -> str:
    """A fingerprint of all tables and columns: another version of the program may have another."""
    lines = [
        f"{table.name}.{column.name} {column.type!r}"
        for table in metadata.sorted_tables
        for column in table.c
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
