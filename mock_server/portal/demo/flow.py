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
    """Where the endpoints are; False where the utility did not say."""
    step, read = await outside.send(
        "Discovery",
        "The client knows one address of the utility and reads the others from there (RFC 8414). "
        "It also learns that PKCE is understood.",
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
    """Where the customer's browser is sent, and the step that says so."""
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
            says="The client sends the customer's browser to the utility. The scope is percent-encoded once, as every "
            "value. The state is random and remembered for this browser; of the verifier only its hash goes "
            "along (PKCE, RFC 7636).",
            method="GET",
            url=url,
            status=303,
            answer="The browser left for the utility; what happened there is between the utility and the customer.",
        )
    )
    return url


def take_answer(run: Run, url: str, answer: dict[str, str]) -> bool:
    """Note how the customer's browser came back; False for a refusal."""
    if code := answer.get("code"):
        run.answered_with = code
        run.hide([code])
        says = "The utility sends the browser back with a code. The client compares the state with the one that it "
        says += (
            "remembers for this browser, and redeems the code at once: it lives five minutes and works once."
        )
    else:
        run.answered_with = ""
        run.refusal = {name: answer[name] for name in ("error", "error_description") if name in answer}
        says = "The utility sends the browser back with an error instead of a code. The client checks the state all "
        says += "the same, tells the customer kindly, and offers to try again."
    run.add(Step(title="Redirect", says=says, method="GET", url=url, status=303))
    return bool(code)


async def redeem(outside: DemoHttpClient, run: Run) -> bool:
    """The code for tokens; False where that failed."""
    form = {
        "grant_type": "authorization_code",
        "code": run.answered_with or "",
        "redirect_uri": run.redirect_uri,
        "code_verifier": run.verifier,
    }
    says = (
        "The client's server redeems the code. It proves who it is with its secret (HTTP Basic), and with the "
        "verifier that it is the one who asked."
    )
    if run.client_secret is None:
        says = (
            "A public client has no secret: its id and the verifier have to do. Whoever stole the code has no "
            "verifier, and gets nothing."
        )
    return await _ask_for_tokens(outside, run, "Token request", says, form)


async def refresh(outside: DemoHttpClient, run: Run) -> bool:
    """New tokens for old ones; False where that failed."""
    form = {"grant_type": "refresh_token", "refresh_token": str((run.tokens or {}).get("refresh_token", ""))}
    says = (
        "The access token lives an hour, the refresh token as long as the authorization. The client stores the new "
        "tokens before it uses them: the former access token has ended."
    )
    return await _ask_for_tokens(outside, run, "Refresh", says, form)


async def _ask_for_tokens(
    outside: DemoHttpClient, run: Run, title: str, says: str, form: dict[str, str]
) -> bool:
    step, read = await outside.send(
        title, says, "POST", run.endpoints["token_endpoint"], headers=_proof(run), form=_with_id(run, form)
    )
    run.add(step)
    body = _json(read)
    if not step.is_fine or "access_token" not in body:
        return False
    run.tokens = {**(run.tokens or {}), **body}
    run.hide(str(body[name]) for name in ("access_token", "refresh_token") if name in body)
    return True


async def read_all(outside: DemoHttpClient, run: Run, *, api_base: str, now: datetime) -> None:
    """The newest usage, as Green Button and as JSON."""
    tokens = run.tokens or {}
    since = now - timedelta(days=DAYS_READ)
    resource = str(tokens.get("resourceURI", ""))
    step, _ = await outside.send(
        "Batch read",
        "The answer to the token request said where the data is: resourceURI, which the client follows as it came. "
        f"It asks for the last {DAYS_READ} days only (published-min), and sends the token in the header, never in "
        "the address.",
        "GET",
        f"{resource}?{urlencode({'published-min': f'{since:%Y-%m-%dT%H:%M:%SZ}'}, quote_via=quote)}",
        headers=_bearer(run),
    )
    run.add(_with_retry(step))
    await _read_json(outside, run, api_base=api_base)


async def _read_json(outside: DemoHttpClient, run: Run, *, api_base: str) -> None:
    """The meters, then the readings of the first one, which the chart shows."""
    step, read = await outside.send(
        "JSON API: meters",
        "The same authorization in the JSON API, opened by the same token: one meter for each service.",
        "GET",
        f"{api_base}/meters?{urlencode({'authorizations': run.authorization_uid})}",
        headers=_bearer(run),
    )
    run.add(_with_retry(step))
    meters = [one for one in _json(read).get("meters", []) if isinstance(one, dict)]
    if not meters:
        return
    meter = str(meters[-1].get("uid"))
    query = {"meters": meter, "limit": "2"}
    step, read = await outside.send(
        "JSON API: readings",
        "Readings of one meter in its two newest billing periods, with the local time of the service. The chart adds "
        "them up by day.",
        "GET",
        f"{api_base}/intervals?{urlencode(query)}",
        headers=_bearer(run),
    )
    run.add(_with_retry(step))
    if step.is_fine:
        run.meter = meter
        run.unit, run.amounts = days_of(_json(read))


def days_of(body: dict[str, Any]) -> tuple[str, list[list[str]]]:
    """What the readings of an intervals listing amount to on the newest local days, oldest first, and their unit."""
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
    """RFC 7009: the tokens end, the customer's authorization stands."""
    token = str((run.tokens or {}).get("refresh_token") or (run.tokens or {}).get("access_token", ""))
    step, _ = await outside.send(
        "Revoke the tokens",
        "The client gives its tokens back (RFC 7009). With the refresh token go all access tokens that came from it; "
        "an empty 200 is the answer, whether or not they still worked.",
        "POST",
        run.endpoints["revocation_endpoint"],
        headers=_proof(run),
        form=_with_id(run, {"token": token, "token_type_hint": "refresh_token"}),
    )
    run.add(step)


async def end_authorization(outside: DemoHttpClient, run: Run) -> None:
    """The customer's authorization ends, and every token with it. For clients that have a secret."""
    step, read = await outside.send(
        "Client token",
        "What manages authorizations is no business of one customer's token: the client gets one of its own by "
        "its secret alone (client_credentials).",
        "POST",
        run.endpoints["token_endpoint"],
        headers=_proof(run),
        form={"grant_type": "client_credentials"},
    )
    run.add(step)
    token = _json(read).get("access_token")
    if not step.is_fine or not isinstance(token, str):
        return
    run.hide([token])
    step, _ = await outside.send(
        "End the authorization",
        "The client wants no more data of this customer, and deletes the Authorization at its authorizationURI. All "
        "tokens end, and the customer sees at the utility that the sharing is over.",
        "DELETE",
        str((run.tokens or {}).get("authorizationURI", "")),
        headers={"Authorization": f"Bearer {token}"},
    )
    run.add(step)


async def prepare(
    outside: DemoHttpClient, run: Run, *, control: str, preset: str | None, clock: str | None
) -> bool:
    """Set the scenario's clock and arm its fault, by the control API as a test does; False where that was refused."""
    wishes = []
    if clock:
        says = "The scenario has a time of its own."
        wishes.append(("Set the clock", says, "PUT", f"{control}/clock", {"now": clock}))
    if preset:
        says = "The scenario has a fault: it strikes the steps below."
        wishes.append(("Arm the fault", says, "POST", f"{control}/faults", {"preset": preset}))
    for title, says, method, url, wish in wishes:
        headers = {"Content-Type": "application/json"}
        step, _ = await outside.send(title, says, method, url, headers=headers, body=json.dumps(wish))
        if not run.add(step).is_fine:
            return False
    return True


def _with_retry(step: Step) -> Step:
    """What a client does next where the data is not there yet."""
    if step.status == 202:
        wait = dict(step.answer_headers).get("retry-after", "a few")
        more = f" 202 says that the data is being prepared: the client comes back after {wait} seconds."
        return replace(step, says=step.says + more)
    return step


def basic(client_id: str, secret: str) -> str:
    """The credentials of HTTP Basic, each half form-encoded first (RFC 6749 §2.3.1)."""
    return b64encode(f"{quote(client_id, safe='')}:{quote(secret, safe='')}".encode()).decode()


def _proof(run: Run) -> dict[str, str]:
    if run.client_secret is None:
        return {}
    return {"Authorization": f"Basic {basic(run.client_id, run.client_secret)}"}


def _with_id(run: Run, form: dict[str, str]) -> dict[str, str]:
    """A public client names itself in the body (RFC 6749 §3.2.1)."""
    return {**form, "client_id": run.client_id} if run.client_secret is None else form


def _bearer(run: Run) -> dict[str, str]:
    return {"Authorization": f"Bearer {(run.tokens or {}).get('access_token', '')}"}


def _json(read: bytes) -> dict[str, Any]:
    try:
        body = json.loads(read)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
