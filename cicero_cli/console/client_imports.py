"""How an import of clients is told in a shell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from cicero_cli.console.import_words import (
    confirm_named,
    import_text,
    list_failures,
    note_columns,
)
from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.console.remarks import say
from cicero_cli.domain.roster.client_sheet import ClientDiff
from cicero_cli.domain.roster.sheet_text import Line, list_doubts, shorten, show_value, tabulate
from cicero_cli.services.roster.clients_imported import (
    ClientsImported,
    clients_document,
    list_client_changes,
)
from cicero_cli.words import Text

_LONGEST_NAME = 24
_HEADINGS: Line = ("", Text("client"), Text("nama"), Text("field"), Text("was"), Text("will be"))


def clients_outcome(imported: ClientsImported) -> Outcome:
    """What is new, changed, missing and bad; nothing was written when a row is bad, unless that was wanted."""
    diff = imported.diff
    return Outcome(
        rows=list_client_changes(imported),
        document=clients_document(imported),
        text=import_text(
            imported,
            _summarise(diff, imported.source),
            lambda: tabulate([*_lines(diff)], shown, _HEADINGS),
        ),
        notes=[
            *list_doubts(imported.doubts, imported.source),
            *note_columns(imported, diff.ignored),
        ],
        failures=list_failures(
            imported,
            too_many=Text(
                "{leaving:,} active clients are missing from the sheet, and at most {most:,} may be switched off at once;"
                " if they all ended: --sync-share 1",
                leaving=len(diff.leaving),
                most=imported.most_leaving,
            ),
            nobody=Text("no client was switched off"),
        ),
        exit_code=imported.exit_code,
    )


def confirm_switched_off(trial: ClientsImported, *, yes: bool) -> None:
    """Ask before the clients that are missing are switched off; says which, and what else is doubtful."""
    for line in list_doubts(trial.doubts, trial.source):
        say(line)
    clients = [change.client for change in trial.diff.leaving]
    confirm_named(
        [f"{client.client_id} ({client.nama})" for client in clients],
        lambda names, more: Text(
            "{names}{more} is missing from the sheet: switch it off from today on?",
            plural="{names}{more} are missing from the sheet: switch them off from today on?",
            count=len(clients),
            names=names,
            more=more,
        ),
        yes=yes,
    )


def _summarise(diff: ClientDiff, source: str) -> Text:
    return Text(
        "Clients: {new:,} new, {changed:,} changed, {unchanged:,} unchanged, {missing:,} missing from {source},"
        " {leaving:,} of them switched off."
        if diff.leaving
        else "Clients: {new:,} new, {changed:,} changed, {unchanged:,} unchanged, {missing:,} missing from {source}.",
        new=len(diff.new),
        changed=len(diff.changed),
        unchanged=diff.unchanged,
        missing=len(diff.missing),
        leaving=len(diff.leaving),
        source=shorten(PurePath(source).name, _LONGEST_NAME),
    )


def _lines(diff: ClientDiff) -> Iterator[Line]:
    for change in [*diff.changed, *diff.new]:
        word = Text("changed") if change.before else Text("new")
        who: Line = (word, change.client.client_id, change.client.nama)
        for name, (old, new) in change.changes.items():
            if change.before is not None or name != "nama":
                yield *who, name, show_value(old) if change.before else "", show_value(new)
                who = ("", "", "")
        if who[0]:
            yield *who, "", "", ""
    leaving = {change.client.client_id for change in diff.leaving}
    for client in diff.missing:
        word = Text("leaves") if client.client_id in leaving else Text("missing")
        name = client.nama if client.client_status else Text("{nama} (inactive)", nama=client.nama)
        yield word, client.client_id, name, "", "", ""
