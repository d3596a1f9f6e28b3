"""The steps of the demo client: discover, authorize, check the callback, redeem, read, refresh, revoke."""

import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from mock_server.portal.authorize_request import url_of
from mock_server.portal.demo.http_client import DemoHttpClient
from mock_server.portal.demo.run import Run, Step

DAYS_READ = 14
_DAYS_LISTED = 31


async def discover(outside: DemoHttpClient, run: Run, metadata_url: str) -> bool:
    """Read the endpoints' URLs from the metadata; False if that failed."""
    step, read = await outside.send(
        "Discovery",
        "The client knows one URL of the utility and reads the others from its metadata (RFC 8414). "
        "It also learns that the server supports PKCE.",
        "GET",
        metadata_url,
        headers={"Accept": "application/json"},
    )
    run.add(step)
    metadata = _json(read)
    wanted = ("authorization_endpoint", "token_endpoint", "revocation_endpoint")
    run.endpoints = {name: str(metadata[name]) for name in wanted if name in metadata}
    return step.is_fine and len(run.endpoints) == len(wanted)


def authorize_url(run: Run) -> str:
    """The URL to which the client sends the customer's browser; adds the step to the run."""
    challenge = urlsafe_b64encode(sha256(run.verifier.encode()).digest()).decode().rstrip("=")
    url = url_of(
        run.endpoints["authorization_endpoint"],
        {
            "response_type": "code",
            "client_id": run.client_id,
            "redirect_uri": run.redirect_uri,
            "scope": run.scope,
            "state": run.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        },
    )
    run.add(
        Step(
            title="Authorize request",
            says="The client sends the customer's browser to the utility. Every value is percent-encoded once, also "
            "the scope. The state is random, and the client stores it for this browser. The client sends only the "
            "hash of the verifier (PKCE, RFC 7636).",
            method="GET",
            url=url,
            status=303,
            answer="The browser was redirected to the utility. The client does not see what the customer does there.",
        )
    )
    return url


def take_answer(run: Run, url: str, answer: dict[str, str]) -> bool:
    """Record the callback's parameters; False for an error instead of a code."""
    if code := answer.get("code"):
        run.answered_with = code
        run.hide([code])
        says = "The utility sends the browser back with a code. The client compares the state with the stored one, and "
        says += "redeems the code at once: it expires after five minutes and works once."
    else:
        run.answered_with = ""
        run.refusal = {name: answer[name] for name in ("error", "error_description") if name in answer}
        says = "The utility sends the browser back with an error instead of a code. The client still checks the state. "
        says += "It explains the error to the customer and offers to try again."
    run.add(Step(title="Redirect", says=says, method="GET", url=url, status=303))
    return bool(code)


async def redeem(outside: DemoHttpClient, run: Run) -> bool:
    """Exchange the code for tokens; False if that failed."""
    form = {
        "grant_type": "authorization_code",
        "code": run.answered_with or "",
        "redirect_uri": run.redirect_uri,
        "code_verifier": run.verifier,
    }
    says = (
        "The client's server redeems the code. It authenticates with its secret (HTTP Basic). The verifier proves "
        "that the same client sent the authorize request."
    )
    if run.client_secret is None:
        says = (
            "A public client has no secret and sends its id and the verifier. A stolen code is useless without the "
            "verifier."
        )
    return await _request_tokens(outside, run, "Token request", says, form)


async def refresh(outside: DemoHttpClient, run: Run) -> bool:
    """Exchange the refresh token for new tokens; False if that failed."""
    form = {"grant_type": "refresh_token", "refresh_token": str((run.tokens or {}).get("refresh_token", ""))}
    says = (
        "The access token is valid for an hour, the refresh token as long as the authorization. The client stores "
        "the new tokens before it uses them, because the old access token no longer works."
    )
    return await _request_tokens(outside, run, "Refresh", says, form)


async def _request_tokens(
    outside: DemoHttpClient, run: Run, title: str, says: str, form: dict[str, str]
) -> bool:
    step, read = await outside.send(
        title,
        says,
        "POST",
        run.endpoints["token_endpoint"],
        headers=_client_auth(run),
        form=_with_id(run, form),
    )
    run.add(step)
    body = _json(read)
    if not step.is_fine or "access_token" not in body:
        return False
    run.tokens = {**(run.tokens or {}), **body}
    run.hide(str(body[name]) for name in ("access_token", "refresh_token") if name in body)
    return True


async def read_all(outside: DemoHttpClient, run: Run, *, api_base: str, now: datetime) -> None:
    """Read the newest usage, as Green Button XML and as JSON."""
    tokens = run.tokens or {}
    since = now - timedelta(days=DAYS_READ)
    resource = str(tokens.get("resourceURI", ""))
    step, _ = await outside.send(
        "Batch read",
        "The token response contains the URL of the data: resourceURI. The client uses it unchanged. It requests "
        f"only the last {DAYS_READ} days (published-min), and sends the token in the header, never in the URL.",
        "GET",
        f"{resource}?{urlencode({'published-min': f'{since:%Y-%m-%dT%H:%M:%SZ}'}, quote_via=quote)}",
        headers=_bearer(run),
    )
    run.add(_with_retry(step))
    await _read_json(outside, run, api_base=api_base)


async def _read_json(outside: DemoHttpClient, run: Run, *, api_base: str) -> None:
    """Read the meters, then the readings of the last listed meter, for the chart."""
    step, read = await outside.send(
        "JSON API: meters",
        "The same authorization and the same token work in the JSON API. Each service has one meter.",
        "GET",
        f"{api_base}/meters?{urlencode({'authorizations': run.authorization_uid})}",
        headers=_bearer(run),
    )
    run.add(_with_retry(step))
    meters = [meter for meter in _json(read).get("meters", []) if isinstance(meter, dict)]
    if not meters:
        return
    meter = str(meters[-1].get("uid"))
    query = {"meters": meter, "limit": "2"}
    step, read = await outside.send(
        "JSON API: readings",
        "The readings of one meter in its two newest billing periods, in the local time of the service. The chart "
        "adds them up by day.",
        "GET",
        f"{api_base}/intervals?{urlencode(query)}",
        headers=_bearer(run),
    )
    run.add(_with_retry(step))
    if step.is_fine:
        run.meter = meter
        run.unit, run.amounts = days_of(_json(read))


def days_of(body: dict[str, Any]) -> tuple[str, list[list[str]]]:
    """The unit, and the sums of the readings on the newest 31 local days as (day, sum), oldest first."""
    unit, days = "", dict[str, Decimal]()
    for interval in body.get("intervals", []):
        for reading in interval.get("readings", []):
            point = next(iter(reading.get("datapoints") or []), None)
            if point is not None:
                unit = str(point["unit"])
                day = str(reading["start"])[:10]
                days[day] = days.get(day, Decimal(0)) + Decimal(str(point["value"]))
    return unit, [[day, f"{days[day].normalize():f}"] for day in sorted(days)[-_DAYS_LISTED:]]


async def give_back(outside: DemoHttpClient, run: Run) -> None:
    """Revoke the tokens (RFC 7009); the customer's authorization stays active."""
    token = str((run.tokens or {}).get("refresh_token") or (run.tokens or {}).get("access_token", ""))
    step, _ = await outside.send(
        "Revoke the tokens",
        "The client revokes its tokens (RFC 7009). Revoking a refresh token also revokes the access tokens issued "
        "from it. The response is an empty 200, even if they no longer worked.",
        "POST",
        run.endpoints["revocation_endpoint"],
        headers=_client_auth(run),
        form=_with_id(run, {"token": token, "token_type_hint": "refresh_token"}),
    )
    run.add(step)


async def end_authorization(outside: DemoHttpClient, run: Run) -> None:
    """End the customer's authorization and all its tokens. Only for clients that have a secret."""
    step, read = await outside.send(
        "Client token",
        "A customer's token cannot manage authorizations. The client gets its own token with its secret "
        "(client_credentials).",
        "POST",
        run.endpoints["token_endpoint"],
        headers=_client_auth(run),
        form={"grant_type": "client_credentials"},
    )
    run.add(step)
    token = _json(read).get("access_token")
    if not step.is_fine or not isinstance(token, str):
        return
    run.hide([token])
    step, _ = await outside.send(
        "End the authorization",
        "The client no longer needs this customer's data and deletes the Authorization at its authorizationURI. All "
        "its tokens stop working, and the utility shows the customer that the sharing ended.",
        "DELETE",
        str((run.tokens or {}).get("authorizationURI", "")),
        headers={"Authorization": f"Bearer {token}"},
    )
    run.add(step)


async def prepare(
    outside: DemoHttpClient, run: Run, *, control: str, preset: str | None, clock: str | None
) -> bool:
    """Set the scenario's clock and arm its fault over the control API, like a test; False if a call failed."""
    calls = []
    if clock:
        says = "The scenario sets the utility's clock."
        calls.append(("Set the clock", says, "PUT", f"{control}/clock", {"now": clock}))
    if preset:
        says = "The scenario arms a fault. It applies to the steps below."
        calls.append(("Arm the fault", says, "POST", f"{control}/faults", {"preset": preset}))
    for title, says, method, url, content in calls:
        headers = {"Content-Type": "application/json"}
        step, _ = await outside.send(title, says, method, url, headers=headers, body=json.dumps(content))
        if not run.add(step).is_fine:
            return False
    return True


def _with_retry(step: Step) -> Step:
    """The step; for 202 it also says when a client tries again."""
    if step.status == 202:
        wait = dict(step.answer_headers).get("retry-after", "a few")
        more = f" 202 means that the data is being prepared. The client tries again after {wait} seconds."
        return replace(step, says=step.says + more)
    return step


def basic(client_id: str, secret: str) -> str:
    """The credentials of HTTP Basic, each half form-encoded first (RFC 6749 §2.3.1)."""
    return b64encode(f"{quote(client_id, safe='')}:{quote(secret, safe='')}".encode()).decode()


def _client_auth(run: Run) -> dict[str, str]:
    if run.client_secret is None:
        return {}
    return {"Authorization": f"Basic {basic(run.client_id, run.client_secret)}"}


def _with_id(run: Run, form: dict[str, str]) -> dict[str, str]:
    """The form; a public client adds its id (RFC 6749 §3.2.1)."""
    return {**form, "client_id": run.client_id} if run.client_secret is None else form


def _bearer(run: Run) -> dict[str, str]:
    return {"Authorization": f"Bearer {(run.tokens or {}).get('access_token', '')}"}


def _json(read: bytes) -> dict[str, Any]:
    try:
        body = json.loads(read)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
