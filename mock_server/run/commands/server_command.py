"""Shared by the commands: the server's URL, errors, and output."""

import inspect
import json
import os
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from mock_server.settings import SettingsMistake, read_settings
from mock_server.testing.control_client import NotAnAddress, Remote, RequestRefused, Unreachable, sandbox_at


@dataclass(frozen=True)
class CommandOutput:
    """The output of a command: `data` for programs, `lines` for people."""

    data: Any  # any JSON of the control API
    lines: Iterable[str]
    exit_code: int = 0


class NoVerdict(Exception):
    """A check could not be completed, so it neither passed nor failed; the message says why."""


_OPTIONS = {
    "url": (
        str | None,
        "Server to call (default: MOCK_SERVER_URL, or the one that these settings start).",
        "--url",
    ),
    "sandbox": (str | None, "Sandbox of that server, such as ci-7.", "--sandbox"),
    "token": (str | None, "Control token (default: MOCK_SERVER_CONTROL_TOKEN).", "--token"),
    "as_json": (bool, "Print the response as JSON.", "--json"),
}


def asking(work: Callable[..., CommandOutput]) -> Callable[..., None]:
    """Turn `work` into a command with the options above. It passes the server first, and prints errors."""

    def command(**options: Any) -> None:
        as_json = options.pop("as_json")
        try:
            with closing(_server(options.pop("url"), options.pop("sandbox"), options.pop("token"))) as server:
                output = work(server, **options)
        except (NoVerdict, SettingsMistake) as error:
            _fail(str(error), code=2)
        except (NotAnAddress, RequestRefused) as error:
            _fail(str(error), code=1)
        except Unreachable as error:
            _fail(f"{error}\nStart one with: mock-server", code=1)
        if as_json:
            typer.echo(json.dumps(output.data, indent=2, ensure_ascii=False))
        else:
            for line in output.lines:
                typer.echo(line)
        raise typer.Exit(output.exit_code)

    own = list(inspect.signature(work).parameters.values())[1:]
    shared = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=False if kind is bool else None,
            annotation=Annotated[kind, typer.Option(flag, help=help_)],
        )
        for name, (kind, help_, flag) in _OPTIONS.items()
    ]
    named = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    signature = inspect.Signature([*named, *shared])
    command.__signature__ = signature  # type: ignore[attr-defined]  # typer reads it
    command.__annotations__ = {name: parameter.annotation for name, parameter in signature.parameters.items()}
    command.__name__, command.__doc__ = work.__name__, work.__doc__
    return command


def table(rows: Iterable[Iterable[object]]) -> list[str]:
    """Lines with aligned columns, two spaces apart; None is a dash."""
    cells = [["-" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]


def _server(url: str | None, sandbox: str | None, token: str | None) -> Remote:
    settings = read_settings()
    base = (
        url or os.environ.get("MOCK_SERVER_URL") or settings.public_url or f"http://127.0.0.1:{settings.port}"
    )
    return Remote(
        base if sandbox is None else sandbox_at(base, sandbox), token=token or settings.control_token
    )


def _fail(message: str, *, code: int) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(code)
