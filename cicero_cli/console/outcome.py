"""What every command shares: its options, and how its outcome reaches stdout, stderr and the exit code.

Result on stdout, everything else on stderr. On a terminal a table is drawn by rich, in a pipe it is plain text.
"""

from __future__ import annotations

import csv
import functools
import getpass
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import typer

from cicero_cli.core import clock
from cicero_cli.core.logs import configure_logs
from cicero_cli.domain.access.actors import Actor
from cicero_cli.errors import CiceroError, ExitCode, InputError, ItemError

Row = Mapping[str, Any]
T = TypeVar("T")
_SEPARATOR = f"\n{'-' * 40}\n\n"


class Output(StrEnum):
    """How the result is written."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


@dataclass
class _Choice:
    """What the shared options of the running command say."""

    output: Output = Output.TABLE
    quiet: bool = False


_choice = _Choice()

ClientsOption = Annotated[
    list[str] | None,
    typer.Option("--client", metavar="CLIENT_ID", help="Only this client; may be repeated."),
]
ClientOption = Annotated[
    str, typer.Option("--client", metavar="CLIENT_ID", help="The client, in any case.")
]
DateOption = Annotated[
    str | None,
    typer.Option(
        "--date", metavar="YYYY-MM-DD", help="The day, in the client's time zone. Default: today."
    ),
]
DaysOption = Annotated[
    int,
    typer.Option("--days", min=1, max=366, metavar="N", help="The last N days, --date included."),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="YYYY-MM-DDTHH:MM",
        help="As it was known at that moment of the client's day.",
    ),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be done; do nothing.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

_SHARED_OPTIONS: dict[str, Any] = {
    "output": Annotated[
        Output | None,
        typer.Option(
            "--output", help="How the result is written. Default: table.", show_default=False
        ),
    ],
    "as_json": Annotated[bool, typer.Option("--json", help="Short for --output json.")],
    "quiet": Annotated[bool, typer.Option("-q", "--quiet", help="Only errors on stderr.")],
    "verbose": Annotated[
        bool, typer.Option("-v", "--verbose", help="Log what is done, on stderr.")
    ],
}


def group() -> typer.Typer:
    """A noun's group of commands, with plain help (rich would cost each start 0.1 s); its line is in cli.py."""
    return typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


def command(
    app: typer.Typer, name: str, *, example: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command together with the options that every command has, and an example in its help."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(function, eval_str=True)
        shared = [
            inspect.Parameter(
                option,
                inspect.Parameter.KEYWORD_ONLY,
                annotation=annotation,
                default=None if option == "output" else False,
            )
            for option, annotation in _SHARED_OPTIONS.items()
        ]

        @functools.wraps(function)
        def run(**words: Any) -> None:
            as_json = words.pop("as_json")
            _choice.output = words.pop("output") or (Output.JSON if as_json else Output.TABLE)
            _choice.quiet = words.pop("quiet")
            verbose = words.pop("verbose")
            configure_logs(verbosity=-1 if _choice.quiet else int(verbose))
            function(**words)

        own = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in signature.parameters.values()
        ]
        run.__signature__ = signature.replace(parameters=[*own, *shared])  # type: ignore[attr-defined] # read by typer
        run.__annotations__ = {p.name: p.annotation for p in [*own, *shared]}
        app.command(name, epilog=f"Example: {example}")(run)
        return function

    return register


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command ends with: the result, what failed, and remarks.

    `rows` is the table, and the JSON unless `document` says otherwise; `text` is printed instead of the table.
    `columns` picks and orders the columns that a person sees (heading by key); CSV and JSON get every key.
    """

    rows: Sequence[Row] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    document: Any = None
    text: str | None = None
    notes: Sequence[str] = ()
    failures: Mapping[str, str] = field(default_factory=dict)
    exit_code: ExitCode | None = None


def finish(outcome: Outcome) -> None:
    """Write the outcome and end the command: 0 all done, 3 some failed, 1 all failed, or the outcome's own code."""
    _WRITERS[_choice.output](outcome)
    sys.stdout.flush()
    as_json = _choice.output in {Output.JSON, Output.NDJSON}
    for note in () if as_json else outcome.notes:
        say(note)
    for item, reason in outcome.failures.items():
        if as_json:
            show_error(ItemError(f"{item}: {reason}"), as_json=True)
        else:
            sys.stderr.write(f"{item}: {reason}\n")
    code = outcome.exit_code
    if code is None:
        code = ExitCode.PARTIAL if outcome.failures else ExitCode.OK
    if code is not ExitCode.OK:
        raise typer.Exit(int(code))


def finish_stream(
    items: Iterable[T], *, text: Callable[[T], str], document: Callable[[T], Any], is_single: bool
) -> None:
    """Write each item as soon as it is there, so that memory holds one: texts apart, or a JSON array.

    `is_single`: the JSON is the one item itself. Documents are made only when JSON was asked for.
    """
    write = sys.stdout.write
    match _choice.output:
        case Output.TABLE:
            for index, item in enumerate(items):
                write(f"{_SEPARATOR if index else ''}{text(item)}")
        case Output.NDJSON:
            for item in items:
                write(_encode(document(item)) + "\n")
        case Output.JSON if is_single:
            for item in items:
                write(_encode(document(item), indent=True) + "\n")
        case Output.JSON:
            for index, item in enumerate(items):
                write((",\n" if index else "[\n") + _encode(document(item)))
            write("\n]\n")
        case Output.CSV:
            raise InputError("this result is not a table, so it has no CSV form", hint="use --json")
    sys.stdout.flush()


def record_outcome(record: Row) -> Outcome:
    """One record: a field a line for a person, the object itself as JSON."""
    lines = [{"field": name, "value": _cell(value)} for name, value in record.items()]
    return Outcome(rows=lines, document=dict(record))


def say(line: str) -> None:
    """A remark for a person, on stderr; `-q` silences it."""
    if not _choice.quiet:
        sys.stderr.write(f"{line}\n")


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is lost; without a terminal to ask on, only `--yes` agrees."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise CiceroError(f"{question} Nothing was done", hint="repeat the command with --yes")
    typer.confirm(question, abort=True, err=True)


def cli_actor() -> Actor:
    """Who runs this command, for the audit log."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have a number alone
        name = str(os.getuid())
    return Actor(f"cli:{name}", clock.now())


def show_error(error: CiceroError, *, as_json: bool) -> None:
    """One line for a person, or one JSON object for a script; on stderr either way."""
    if as_json:
        body = {"code": error.code, "message": error.message, "hint": error.hint}
        sys.stderr.write(_encode({"error": body}) + "\n")
        return
    hint = f" ({error.hint})" if error.hint else ""
    sys.stderr.write(f"cicero: {error.message}{hint}\n")


@contextmanager
def progress(description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr while long work goes on; nothing unless stderr is a terminal."""
    if _choice.quiet or not sys.stderr.isatty():
        yield lambda _steps: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=total)
        yield lambda steps: bar.advance(task, steps)


def _write_table(outcome: Outcome) -> None:
    if outcome.text is not None:
        sys.stdout.write(outcome.text.rstrip("\n") + "\n" if outcome.text else "")
        return
    if outcome.rows is None:
        return
    columns = outcome.columns or {key: key for key in _keys(outcome.rows)}
    cells = [[_cell(row.get(key)) for key in columns] for row in outcome.rows]
    numeric = {
        index
        for index, key in enumerate(columns)
        if all(isinstance(row.get(key), int | float | None) for row in outcome.rows)
    }
    headings = list(columns.values())
    if sys.stdout.isatty():
        _draw(headings, cells, numeric)
    else:
        sys.stdout.write(_plain(headings, cells, numeric))


def plain_table(rows: Sequence[Row], columns: Mapping[str, str]) -> str:
    """Rows under their headings, for a result that is text with tables in it."""
    cells = [[_cell(row.get(key)) for key in columns] for row in rows]
    return _plain(list(columns.values()), cells, set())


def _plain(headings: Sequence[str], cells: Sequence[Sequence[str]], numeric: set[int]) -> str:
    from tabulate import tabulate

    alignment = ["right" if index in numeric else "left" for index in range(len(headings))]
    table = tabulate(
        cells,
        headings,
        tablefmt="plain",
        colalign=alignment if cells else None,
        disable_numparse=True,
    )
    return "".join(line.rstrip() + "\n" for line in table.splitlines())


def _draw(headings: Sequence[str], cells: Sequence[Sequence[str]], numeric: set[int]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index in numeric else "left", overflow="fold")
    for line in cells:
        table.add_row(*(Text(cell) for cell in line))
    Console().print(table)


def _write_json(outcome: Outcome) -> None:
    sys.stdout.write(_encode(_document(outcome), indent=True) + "\n")


def _write_ndjson(outcome: Outcome) -> None:
    rows: Iterable[Any] = outcome.rows if outcome.rows is not None else [_document(outcome)]
    sys.stdout.writelines(_encode(row) + "\n" for row in rows)


def _write_csv(outcome: Outcome) -> None:
    if outcome.rows is None:
        raise InputError("this result is not a table, so it has no CSV form", hint="use --json")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    keys = _keys(outcome.rows) or list(outcome.columns)
    writer.writerow(keys)
    writer.writerows([_csv_cell(row.get(key)) for key in keys] for row in outcome.rows)


_WRITERS: dict[Output, Callable[[Outcome], None]] = {
    Output.TABLE: _write_table,
    Output.JSON: _write_json,
    Output.NDJSON: _write_ndjson,
    Output.CSV: _write_csv,
}


def _document(outcome: Outcome) -> Any:
    if outcome.document is not None:
        return outcome.document
    return outcome.rows if outcome.rows is not None else {"text": outcome.text}


def _keys(rows: Sequence[Row]) -> list[str]:
    return list(rows[0]) if rows else []


def _cell(value: Any) -> str:
    """As a table shows it: on one line, and nothing in it that a terminal would obey."""
    words = _words(value)
    if words.isprintable():
        return words
    spaced = " ".join(words.split())
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in spaced)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return str(value)


def _csv_cell(value: Any) -> str:
    """As for a person, but nothing is rounded or left out."""
    return value.isoformat() if isinstance(value, datetime) else _words(value)


def _encode(value: Any, *, indent: bool = False) -> str:
    import msgspec

    encoded = msgspec.json.encode(value)
    return (msgspec.json.format(encoded, indent=2) if indent else encoded).decode()
