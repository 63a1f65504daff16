"""How an import of clients is told in a shell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.domain.roster.client_sheet import ClientDiff
from cicero_cli.domain.roster.sheet_text import Line, list_bad_rows, shorten, show_value, tabulate
from cicero_cli.services.roster.client_imports import ClientsImported, clients_document
from cicero_cli.words import Text

_LONGEST_NAME = 24
_HEADINGS: Line = ("", Text("client"), Text("nama"), Text("field"), Text("was"), Text("will be"))


def clients_outcome(imported: ClientsImported) -> Outcome:
    """What is new, changed, missing and bad; nothing was written when a row is bad, unless that was wanted."""
    diff = imported.diff
    failures = list_bad_rows(diff.bad, imported.source)
    if imported.refused:
        failures[shown("nothing was imported")] = Text(
            "correct {rows}, or import the others with --skip-bad",
            rows=Text("{count:,} bad row", plural="{count:,} bad rows", count=diff.bad_lines),
        )
    notes = []
    if diff.ignored:
        notes.append(Text("columns not known, ignored: {ignored}", ignored=", ".join(diff.ignored)))
    summary = Text(
        "Clients: {new:,} new, {changed:,} changed, {unchanged:,} unchanged, {missing:,} missing from {source}.",
        new=len(diff.new),
        changed=len(diff.changed),
        unchanged=diff.unchanged,
        missing=len(diff.missing),
        source=shorten(PurePath(imported.source).name, _LONGEST_NAME),
    )
    table = (
        tabulate([*_lines(diff)], shown, _HEADINGS) if imported.dry_run or imported.refused else ""
    )
    return Outcome(
        rows=[
            {
                "client_id": change.client.client_id,
                "nama": change.client.nama,
                "line": change.line,
                "change": "changed" if change.before else "new",
                "field": field,
                "old": old,
                "value": value,
            }
            for change in diff.writes
            for field, (old, value) in change.changes.items()
        ],
        document=clients_document(imported),
        text="\n".join(part for part in (table, shown(summary)) if part),
        notes=notes,
        failures=failures,
        exit_code=imported.exit_code,
    )


def _lines(diff: ClientDiff) -> Iterator[Line]:
    for change in diff.writes:
        word = Text("changed") if change.before else Text("new")
        who: Line = (word, change.client.client_id, change.client.nama)
        for name, (old, new) in change.changes.items():
            if change.before is not None or name != "nama":
                yield *who, name, show_value(old) if change.before else "", show_value(new)
                who = ("", "", "")
        if who[0]:
            yield *who, "", "", ""
    for client in diff.missing:
        yield Text("missing"), client.client_id, client.nama, "", "", ""
