"""Joins the command groups, and turns an own error into one line and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated

import typer

from cicero_cli import __version__
from cicero_cli.commands import (
    absensi,
    client,
    db,
    demo,
    fetch,
    laphar,
    outbox,
    remind,
    status,
    user,
    wa,
)
from cicero_cli.console import show_error
from cicero_cli.errors import CiceroError, ExitCode, InputError

app = typer.Typer(
    name="cicero",
    help="Tells an organisation which of its people have engaged with its own posts.",
    epilog="Example: cicero demo",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"cicero {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


_GROUPS = {
    "client": client.app,
    "user": user.app,
    "fetch": fetch.app,
    "absensi": absensi.app,
    "laphar": laphar.app,
    "outbox": outbox.app,
    "wa": wa.app,
    "db": db.app,
}
for _name, _group in _GROUPS.items():
    app.add_typer(_group, name=_name)
for _register in (db.register_init, status.register, remind.register, demo.register):
    _register(app)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code, having written at most one line about an error of cicero's own."""
    words = list(sys.argv[1:] if argv is None else argv)
    as_json = _wants_json(words)
    try:
        code = int(app(args=words, prog_name="cicero", standalone_mode=False) or 0)
    except CiceroError as error:
        show_error(error, as_json=as_json)
        return int(error.exit_code)
    except typer.TyperException as error:
        usage = error.format_message()
        if usage.startswith("Usage:"):  # a noun without a verb: its help, whole
            sys.stderr.write(f"{usage}\n")
            return int(ExitCode.USAGE)
        show_error(InputError(usage, hint="see: cicero --help"), as_json=as_json)
        return int(ExitCode.USAGE)
    except typer.Abort:
        show_error(CiceroError("you did not agree, so nothing was done"), as_json=as_json)
        return int(ExitCode.FAILED)
    except SystemExit as stop:  # what typer makes of a broken pipe
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        return int(ExitCode.OK)  # `cicero … | head`: whoever read our output has seen enough
    if code == ExitCode.INTERRUPTED:
        sys.stderr.write("cicero: interrupted; what was finished before is kept\n")
    return code


def _wants_json(words: Sequence[str]) -> bool:
    return "--json" in words or "--output=json" in words or ("--output", "json") in pairwise(words)
