"""How the night's sheets are told in a shell, or in cron's log."""

from __future__ import annotations

from dataclasses import replace

from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.domain.roster.sheet_text import (
    list_bad_rows,
    list_doubts,
    summarise,
    tabulate_diff,
)
from cicero_cli.errors import ExitCode
from cicero_cli.services.messaging.sheet_sync import Synced, SyncedAll
from cicero_cli.services.roster.imported import import_document, list_changes
from cicero_cli.words import Text, join_texts


def sync_outcome(done: SyncedAll, *, is_due: bool, dry_run: bool) -> Outcome:
    """What became of each sheet; under `--due` nothing of one that changed nothing."""
    told = [synced for synced in done.sheets if synced.is_news or not is_due]
    failures = dict(done.failures)
    for synced in told:
        imported, diff = synced.imported, synced.imported.diff
        failures |= list_bad_rows([*diff.bad, *diff.bad_cells], imported.source)
        if synced.obstacles:
            name = Text("{client_id} is not changed", client_id=imported.client_id)
            failures[shown(name)] = join_texts(synced.obstacles, "; ")
    notes = [
        note
        for synced in told
        for note in list_doubts(synced.imported.doubts, synced.imported.source)
    ]
    if not dry_run:
        notes += [
            Text(
                "{client_id}: nobody is told; name its operator: cicero client set {client_id} --operator",
                client_id=client_id,
            )
            for client_id in done.without_operator
        ]
    all_failed = bool(done.failures) and not done.sheets
    code = ExitCode.FAILED if all_failed else None
    if all_failed and len(done.open) == len(done.failures):
        code = ExitCode.TRY_LATER
    return Outcome(
        rows=[row for synced in told for row in list_changes(synced.imported)],
        document=[
            {
                **import_document(replace(synced.imported, dry_run=dry_run)),
                "obstacles": list(synced.obstacles),
                "messages": synced.queued,
            }
            for synced in told
        ],
        text="\n".join(map(_describe, told)),
        notes=notes,
        failures=failures,
        exit_code=code,
    )


def _describe(synced: Synced) -> str:
    imported = synced.imported
    text = shown(summarise(imported.diff, imported.client_id, imported.source))
    table = tabulate_diff(imported.diff, shown) if synced.is_news else ""
    return f"{text}\n{table}" if table else text
