"""The command `mock-server`: parses arguments, calls a function, prints."""

import errno
import inspect
import socket
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

from mock_server import __version__
from mock_server.http.gc_tuning import freeze_loaded_objects, without_collection
from mock_server.run.commands import COMMANDS
from mock_server.run.commands.server_command import asking
from mock_server.settings import Settings, SettingsMistake, read_settings

cli = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Form = Literal["text", "json"]


def main() -> None:
    """Run the command."""
    cli()


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _serve(**options: object) -> None:
    """The utility DEMOUTILITY on your own machine. Without a command it serves until Ctrl-C.

    Every option is also an environment variable: --public-url is MOCK_SERVER_PUBLIC_URL.
    """
    context: typer.Context = options.pop("context")  # type: ignore[assignment]  # typer fills it in
    if options.pop("version"):
        typer.echo(f"mock-server {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        _reject_options_before(context.invoked_subcommand, options)
        return
    given = {name: value for name, value in options.items() if value is not None}
    try:
        settings = read_settings(given)
    except SettingsMistake as error:
        _fail(str(error))
    _run(settings)


def _reject_options_before(command: str, options: Mapping[str, object]) -> None:
    """Reject options of the server before a command, which would ignore them."""
    ignored = next((name for name, value in options.items() if value is not None), None)
    if ignored is not None:
        _fail(
            f"--{ignored.replace('_', '-')} before `{command}` has no effect: it configures a new server. Set "
            f"MOCK_SERVER_{ignored.upper()} instead, or see mock-server {command} --help."
        )


def _run(settings: Settings) -> None:
    with without_collection():
        listener, run = _open_server(settings)
    with listener:
        freeze_loaded_objects()
        run()


def _open_server(settings: Settings) -> tuple[socket.socket, Callable[[], object]]:
    """The listening socket, and a function that serves on it."""
    # Imported here: `mock-server health` runs every few seconds in a container and needs none of it.
    from mock_server.fixtures import FixtureMistake
    from mock_server.run.banner import banner
    from mock_server.run.serving import listen, server_for
    from mock_server.run.workers import prepare, serve
    from mock_server.store import StoreMistake

    try:
        listener = listen(settings)
    except OSError as error:
        is_taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
        alternative = "another --port" if is_taken else "another --host: an address of this machine"
        _fail(f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. Choose {alternative}.")
    bound = settings.model_copy(update={"port": listener.getsockname()[1]})
    try:
        if bound.workers > 1:
            prepare(bound)
            run: Callable[[], object] = partial(serve, bound, listener)
        else:
            run = partial(server_for(bound).run, sockets=[listener])
    except (FixtureMistake, StoreMistake) as error:
        listener.close()
        _fail(str(error))
    typer.echo(banner(bound))
    return listener, run


@cli.command()
def health(
    url: Annotated[
        str | None, typer.Option(help="Server to check (default: the one that these settings start).")
    ] = None,
) -> None:
    """Check that a running server is ready (exit code 0). For container health checks."""
    import httpx  # serving does not need it

    try:
        settings = read_settings()
        base = url or settings.public_url or f"http://127.0.0.1:{settings.port}"
        response = httpx.get(f"{base.rstrip('/')}/_mock/health", timeout=30.0)
    except SettingsMistake as error:
        _fail(str(error))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        typer.echo(f"not ready: {error}", err=True)
        raise typer.Exit(1) from error
    typer.echo(response.text)
    raise typer.Exit(0 if response.status_code == 200 else 1)


@cli.command()
def plot(
    customer: Annotated[str, typer.Argument(help="The customer, such as test_residential.")],
    beginnings: Annotated[
        list[str], typer.Option("--from", help="First local day; repeat it for more columns.")
    ],
    output: Annotated[Path, typer.Option(help="File to write: .png, .svg or .pdf.")],
    days: Annotated[int, typer.Option(min=1, max=400, help="Number of days.")] = 7,
) -> None:
    """Draw what a customer's meters measured. Needs the extra `plot`, and no server."""
    try:
        from mock_server.run.plot import plot as draw
    except ImportError:
        _fail("Drawing needs matplotlib. Install the extra: pip install 'mock-utility-server[plot]'")
    from mock_server.fixtures import FixtureMistake, bundled_folder, load_fixtures

    try:
        settings = read_settings()
        fixtures = load_fixtures(settings.fixtures or bundled_folder(), seed=settings.seed)
        found = next(known for known in fixtures.customers if known.id == customer)
        first = [date.fromisoformat(day) for day in beginnings]
        draw(fixtures, found, seed=settings.seed, beginnings=first, days=days, output=output)
    except StopIteration:
        _fail(
            f"No customer {customer!r}. Known customers: {', '.join(known.id for known in fixtures.customers)}."
        )
    except (SettingsMistake, FixtureMistake, ValueError, OSError) as error:
        _fail(str(error))


@cli.command()
def validate(
    source: Annotated[str, typer.Argument(help="A file, a URL, or - for standard input; may be gzip'd.")],
    function_blocks: Annotated[
        str, typer.Option(help="Function blocks that the document claims, such as 1,4,5,15.")
    ] = "",
    schema: Annotated[
        Path | None,
        typer.Option(envvar="ESPI_SCHEMA_DIR", help="Folder with atom.xsd, espi.xsd and customer.xsd."),
    ] = None,
    token: Annotated[str | None, typer.Option(help="Bearer token for a URL.")] = None,
    header: Annotated[
        str | None, typer.Option(help="A whole header instead: 'Authorization: Bearer ...'.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How the findings are printed.")] = "text",
) -> None:
    """Check any Green Button document. Exit code 0: no errors, 1: errors, 2: not read."""
    from mock_server.espi.check.check import check_document
    from mock_server.espi.check.printing import PRINTED
    from mock_server.espi.check.reading.sources import SourceMistake, authorization_header, open_source
    from mock_server.espi.check.rules.function_blocks import BlocksMistake, read_blocks
    from mock_server.espi.check.schema import SchemaMistake, load_schema

    try:
        report = check_document(
            open_source(source, authorization=authorization_header(token, header)),
            function_blocks=read_blocks(function_blocks),
            schema=load_schema(schema) if schema else None,
        )
    except (SourceMistake, SchemaMistake, BlocksMistake) as error:
        _fail(str(error))
    typer.echo(PRINTED[form](source, report))
    raise typer.Exit(0 if report.is_valid else 1)


for _command in COMMANDS:
    cli.command(_command.__name__.replace("_", "-"))(asking(_command))


def _option(name: str) -> inspect.Parameter:
    """The command-line option of a setting: text, or a switch. The settings check the value."""
    field = Settings.model_fields[name]
    kind: Any = bool | None if field.annotation is bool else str | None
    flag = f"--{name.replace('_', '-')}"
    flags = f"{flag}/--no-{flag[2:]}" if field.annotation is bool else flag
    default = "" if field.default in (None, ()) else f" (default: {field.default})"
    option = typer.Option(flags, help=f"{field.description}{default}", show_default=False)
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Annotated[kind, option]
    )


def _signature() -> inspect.Signature:
    keyword = inspect.Parameter.KEYWORD_ONLY
    version = Annotated[bool, typer.Option("--version", help="Show the version.")]
    return inspect.Signature(
        [
            inspect.Parameter("context", keyword, annotation=typer.Context),
            *(_option(name) for name in Settings.model_fields),
            inspect.Parameter("version", keyword, default=False, annotation=version),
        ]
    )


# The options are derived from the settings, so the two cannot differ.
_serve.__signature__ = _signature()  # type: ignore[attr-defined]  # inspect reads it, typing does not know it
_serve.__annotations__ = {name: option.annotation for name, option in _signature().parameters.items()}
cli.callback(invoke_without_command=True)(_serve)
