"""What every command shares: its options, and how its outcome reaches stdout, stderr and the exit code.

Result on stdout, everything else on stderr. On a terminal a table is drawn by rich, in a pipe it is plain text.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import typer

from cicero_cli.console.language import shown
from cicero_cli.console.options import Output, View, choice
from cicero_cli.console.remarks import encode, on_one_line, say, show_error
from cicero_cli.console.states import Painted
from cicero_cli.console.tables import Row, cell, csv_cell, table_text
from cicero_cli.core.terminal import harmless
from cicero_cli.errors import ExitCode, InputError, ItemError

T = TypeVar("T")
_SEPARATOR = f"\n{'-' * 40}\n\n"


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
    if choice.view != View() and outcome.rows is not None:
        outcome = _seen(outcome, outcome.rows)
    choice.outcome = outcome
    unwritten: OSError | None = None
    try:
        _WRITERS[choice.output](outcome)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:  # what was done is said all the same, before that
        unwritten = error
        if outcome.text:
            sys.stderr.write(f"{_told(outcome.text)}\n")
    as_json = choice.output in {Output.JSON, Output.NDJSON}
    for note in () if as_json else outcome.notes:
        say(note)
    for item, reason in outcome.failures.items():
        if as_json:
            show_error(ItemError("{item}: {reason}", item=item, reason=reason), as_json=True)
        else:
            sys.stderr.write(f"{on_one_line(shown(item))}: {on_one_line(shown(reason))}\n")
    if unwritten:
        raise unwritten
    code = outcome.exit_code
    if code is None:
        code = ExitCode.PARTIAL if outcome.failures else ExitCode.OK
    if code is not ExitCode.OK:
        raise typer.Exit(int(code))


def _seen(outcome: Outcome, rows: Sequence[Row]) -> Outcome:
    """The list as --columns, --sort, --search and --limit want it."""
    from cicero_cli.console.views import see

    is_list = isinstance(outcome.document, list | None)
    if not is_list and choice.output is Output.JSON:
        raise InputError(
            "--columns, --sort, --search and --limit do not go with this JSON, which is one whole",
            hint="use --output ndjson or csv",
        )
    seen = see(rows, outcome.columns, choice.view)
    return replace(
        outcome,
        rows=seen.rows,
        columns=seen.columns,
        document=None if is_list else outcome.document,
        notes=[*outcome.notes, *seen.notes],
    )


def finish_stream(
    items: Iterable[T], *, text: Callable[[T], str], document: Callable[[T], Any], is_single: bool
) -> None:
    """Write each item as soon as it is there, so that memory holds one: texts apart, or a JSON array.

    `is_single`: the JSON is the one item itself. Documents are made only when JSON was asked for.
    """
    write = sys.stdout.write
    match choice.output:
        case Output.TABLE:
            for index, item in enumerate(items):
                write(f"{_SEPARATOR if index else ''}{harmless(text(item))}")
        case Output.NDJSON:
            for item in items:
                write(encode(document(item)) + "\n")
        case Output.JSON if is_single:
            for item in items:
                write(encode(document(item), indent=True) + "\n")
        case Output.JSON:
            for index, item in enumerate(items):
                write((",\n" if index else "[\n") + encode(document(item)))
            write("\n]\n")
        case Output.CSV:
            raise InputError("this result is not a table, so it has no CSV form", hint="use --json")
    sys.stdout.flush()


def record_outcome(record: Row) -> Outcome:
    """One record: a field a line for a person, the object itself as JSON."""
    lines = [{"field": name, "value": cell(value, name)} for name, value in record.items()]
    return Outcome(rows=lines, document=dict(record))


def _write_table(outcome: Outcome) -> None:
    if outcome.text is not None:
        sys.stdout.write(_told(outcome.text) + "\n" if outcome.text else "")
        return
    if outcome.rows is None:
        return
    columns = outcome.columns or {key: key for key in _keys(outcome.rows)}
    sys.stdout.write(table_text(outcome.rows, columns))


def _told(text: str) -> str:
    return (text if isinstance(text, Painted) else shown(text)).rstrip("\n")


def _write_json(outcome: Outcome) -> None:
    sys.stdout.write(encode(_document(outcome), indent=True) + "\n")


def _write_ndjson(outcome: Outcome) -> None:
    rows: Iterable[Any] = outcome.rows if outcome.rows is not None else [_document(outcome)]
    sys.stdout.writelines(encode(row) + "\n" for row in rows)


def _write_csv(outcome: Outcome) -> None:
    if outcome.rows is None:
        raise InputError("this result is not a table, so it has no CSV form", hint="use --json")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    keys = _keys(outcome.rows) or list(outcome.columns)
    writer.writerow(keys)
    writer.writerows([csv_cell(row.get(key)) for key in keys] for row in outcome.rows)


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
