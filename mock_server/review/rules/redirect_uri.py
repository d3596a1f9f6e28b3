"""A redirect URI that differs from the registered one or from the one sent before."""

from collections.abc import Iterator

from mock_server.domain.oauth.redirect_uris import difference
from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    for step in case.authorize_steps():
        uri = step.facts.value("redirect_uri")
        if step.exchange.error == "invalid_redirect_uri" and uri is not None and not step.was_corrupted:
            message = f"The authorize request has the redirect_uri {uri[:120]!r}, which is not registered."
            yield Sign(at=step, message=message + _near(uri, case), about=uri)
    for step in case.token_steps("authorization_code"):
        problem = _problem(case, step)
        if problem is not None:
            yield Sign(at=step, message=problem, about=problem)


def _near(uri: str, case: Case) -> str:
    """In what alone it differs from a registered one, if there is one so near."""
    for known in case.client.redirect_uris:
        part = difference(uri, known)
        if part is not None:
            return f" From {known[:120]!r} it differs in {part} alone."
    return ""


def _problem(case: Case, step: Step) -> str | None:
    code = case.codes.get(step.facts.value("code") or "")
    if code is None or code.redirect_uri is None:
        return None
    sent = step.facts.value("redirect_uri")
    if sent == code.redirect_uri:
        return None
    if sent is None:
        return f"The code is redeemed without the redirect_uri {code.redirect_uri[:120]!r} of its request."
    return f"The code is redeemed with the redirect_uri {sent[:120]!r}; its request had {code.redirect_uri[:120]!r}."


RULE = Rule(
    id="redirect-uri",
    severity="error",
    clause="RFC 6749 §3.1.2.3 and §4.1.3, RFC 9700 §2.1",
    says="is careless about its redirect URI",
    remedy="Keep the redirect URI in one constant, register exactly that, and send it unchanged with the authorize "
    "and the token request: slashes, case, port and encoding count.",
    look=_look,
)
