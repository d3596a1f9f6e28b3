"""One run of the demo: its requests, responses and tokens, encrypted for the browser that started it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from jose import jwe
from jose.exceptions import JWEError

MOST_STEPS = 40


@dataclass(frozen=True, kw_only=True)
class Step:
    """A request and its response, as sent. `status` is None if no response arrived, and `trouble` says why.

    `answer` is the beginning of the body; `size` is the size of the complete body in bytes.
    """

    title: str
    says: str
    method: str
    url: str
    headers: list[list[str]] = field(default_factory=list)
    body: str = ""
    status: int | None = None
    answer_headers: list[list[str]] = field(default_factory=list)
    answer: str = ""
    size: int = 0
    trouble: str | None = None

    @property
    def is_fine(self) -> bool:
        """Whether the response is a success or a redirect."""
        return self.status is not None and self.status < 400


@dataclass(kw_only=True)
class Run:
    """What a client's server stores (state, verifier, tokens), and each step.

    `secrets` are masked on the page unless revealed. `amounts` are (day, usage) pairs.
    """

    id: str
    state: str
    verifier: str
    client_id: str
    client_secret: str | None
    redirect_uri: str
    scope: str
    endpoints: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, Any] | None = None
    answered_with: str | None = None
    refusal: dict[str, str] | None = None
    steps: list[Step] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    meter: str | None = None
    unit: str = ""
    amounts: list[list[str]] = field(default_factory=list)

    def add(self, step: Step) -> Step:
        """Add a step. Only the newest MOST_STEPS are stored."""
        self.steps = [*self.steps, step][-MOST_STEPS:]
        return step

    def hide(self, texts: Iterable[str | None]) -> None:
        """Mask these texts on the run's page."""
        self.secrets += [text for text in texts if text and text not in self.secrets]

    @property
    def authorization_uid(self) -> str:
        """The last segment of the resourceURI."""
        return str((self.tokens or {}).get("resourceURI", "")).rpartition("/")[2]


def run_id(state: str) -> str:
    """The id of a run: a hash of the state, so that the id does not disclose the state."""
    return sha256(f"demo:{state}".encode()).hexdigest()[:32]


def seal(run: Run, browser: str) -> str:
    """The run, encrypted with this browser's secret (RFC 7516, dir with A256GCM)."""
    text = json.dumps(asdict(run)).encode()
    return jwe.encrypt(text, _key(browser), algorithm="dir", encryption="A256GCM", zip="DEF").decode()


def unseal(sealed: str, browser: str) -> Run | None:
    """The decrypted run; None for another browser."""
    try:
        fields = json.loads(jwe.decrypt(sealed, _key(browser)) or b"")
    except (JWEError, ValueError):
        return None
    fields["steps"] = [Step(**step) for step in fields["steps"]]
    return Run(**fields)


def _key(browser: str) -> bytes:
    return sha256(f"demo's drawer:{browser}".encode()).digest()
