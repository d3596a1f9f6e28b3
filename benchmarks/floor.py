"""The floor: the smallest program that does the same durable work, a SQLite transaction a request behind Starlette.

It parses a form, finds a client, and stores what a real token and a real code flow leave behind, with the settings of
our store. It checks nothing, explains nothing and keeps no journal. What we are above it is what the product does.
"""

import hashlib
import json
import secrets
import sqlite3
import sys
from urllib.parse import parse_qs

import uvicorn
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

_SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
CREATE TABLE clients (id TEXT PRIMARY KEY, secret TEXT) WITHOUT ROWID;
CREATE TABLE tokens (hash TEXT PRIMARY KEY, client TEXT, scope TEXT, expires INTEGER) WITHOUT ROWID;
CREATE TABLE codes (hash TEXT PRIMARY KEY, client TEXT, used INTEGER) WITHOUT ROWID;
CREATE TABLE authorizations (id INTEGER PRIMARY KEY, client TEXT, scope TEXT);
CREATE TABLE meters (id INTEGER PRIMARY KEY, authorization INTEGER);
CREATE TABLE events (id INTEGER PRIMARY KEY, authorization INTEGER, type TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY, body TEXT);
INSERT INTO clients VALUES ('c', 's');
"""
_METERS, _EVENTS = 3, 5


class Floor:
    """The application."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(_SCHEMA)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; those of the server's own life are left unanswered."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        response = self._authorize(request) if scope["path"] == "/authorize" else await self._token(request)
        await response(scope, receive, send)

    async def _token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        run = self._database.execute
        run("BEGIN IMMEDIATE")
        run("SELECT secret FROM clients WHERE id = 'c'").fetchone()
        made = [self._add_token()]
        if "code" in form:
            code = _hash(form["code"][0])
            run("UPDATE codes SET used = 1 WHERE hash = ? AND used = 0", (code,))
            made.append(self._add_token())
        run("COMMIT")
        body = {"access_token": made[0], "token_type": "Bearer", "expires_in": 3600}
        return Response(json.dumps(body), media_type="application/json")

    def _add_token(self) -> str:
        token = secrets.token_hex(32)
        self._database.execute("INSERT INTO tokens VALUES (?, 'c', 'FB=4', 0)", (_hash(token),))
        return token

    def _authorize(self, request: Request) -> Response:
        query, run, code = request.query_params, self._database.execute, secrets.token_hex(32)
        run("BEGIN IMMEDIATE")
        run("SELECT secret FROM clients WHERE id = ?", (query["client_id"],)).fetchone()
        added = run("INSERT INTO authorizations (client, scope) VALUES ('c', ?)", (query["scope"],))
        uid = added.lastrowid
        for _ in range(_METERS):
            run("INSERT INTO meters (authorization) VALUES (?)", (uid,))
        for _ in range(_EVENTS):
            run("INSERT INTO events (authorization, type) VALUES (?, 'meter_created')", (uid,))
        run("INSERT INTO codes VALUES (?, 'c', 0)", (_hash(code),))
        run("INSERT INTO messages (body) VALUES ('You authorized')")
        run("COMMIT")
        return RedirectResponse(f"{query['redirect_uri']}?code={code}&state={query['state']}", 302)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


if __name__ == "__main__":
    port, path = sys.argv[1:]
    uvicorn.run(
        Floor(path), host="127.0.0.1", port=int(port), log_level="error", access_log=False, lifespan="off"
    )
