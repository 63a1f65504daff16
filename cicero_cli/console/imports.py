"""How an import of people is told in a shell."""

from __future__ import annotations

from collections.abc import Sequence

from cicero_cli.console.import_words import (
    confirm_named,
    import_text,
    list_failures,
    note_columns,
    note_rest,
)
from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.console.remarks import say
from cicero_cli.domain.roster.sheet_text import (
    doubt_leave,
    list_doubts,
    summarise,
    tabulate_diff,
)
from cicero_cli.errors import ExitCode
from cicero_cli.services.roster.imported import Imported, import_document, list_changes
from cicero_cli.words import Text


def import_outcome(imported: Imported, rejects: str | None = None) -> Outcome:
    """What is new, changed, missing and bad; nothing was written when a row is bad, unless that was wanted.

    `rejects`: the file that the bad rows and those with a bad cell were written to.
    """
    diff = imported.diff
    failures = list_failures(
        imported,
        too_many=Text(
            "{leaving:,} active people are missing from the sheet, and at most {most:,} may leave at once;"
            " if they all left: --sync-share 1",
            leaving=len(diff.leaving),
            most=imported.most_leaving,
        ),
        nobody=Text("nobody was deactivated"),
    )
    notes = [*list_doubts(imported.doubts, imported.source), *doubt_leave(imported.roster)]
    notes += note_columns(imported, imported.roster.table.ignored)
    notes += note_rest(imported.roster.table)
    if diff.foreign:
        notes.append(
            Text(
                "{count:,} user is another client's: --transfer brings them here, and their past stays there",
                plural="{count:,} users are other clients': --transfer brings them here, and their past stays there",
                count=len(diff.foreign),
            )
        )
    if diff.coming:
        notes.append(
            Text(
                "{count:,} user comes from another client",
                plural="{count:,} users come from other clients",
                count=len(diff.coming),
            )
        )
    if diff.bad_cells:
        failures[shown("{cells} not read", cells=_cells(len(diff.bad_cells)))] = Text(
            "what is on file stays; the rest of the row counts"
        )
    if rejects and (diff.bad or diff.bad_cells):
        notes.append(Text("to mend and import again: {path}", path=rejects))
    return Outcome(
        rows=list_changes(imported),
        document=import_document(imported),
        text=import_text(
            imported,
            summarise(diff, imported.client_id, imported.source),
            lambda: tabulate_diff(diff, shown),
        ),
        notes=notes,
        failures=failures,
        exit_code=imported.exit_code,
    )


def import_outcome_of_all(everybody: Sequence[Imported]) -> Outcome:
    """The same for each client of one sheet; when one was refused, only what is wrong is told."""
    told = [one for one in everybody if one.is_stopped and not one.dry_run] or everybody
    outcomes = [import_outcome(one) for one in told]
    codes = [outcome.exit_code for outcome in outcomes if outcome.exit_code]
    return Outcome(
        rows=[row for outcome in outcomes for row in outcome.rows or ()],
        document=[outcome.document for outcome in outcomes],
        text="\n".join(outcome.text for outcome in outcomes if outcome.text),
        notes=list(dict.fromkeys(note for outcome in outcomes for note in outcome.notes)),
        failures={name: why for outcome in outcomes for name, why in outcome.failures.items()},
        exit_code=ExitCode.USAGE if ExitCode.USAGE in codes else next(iter(codes), ExitCode.OK),
    )


def _cells(number: int) -> str:
    return Text("{count:,} bad cell", plural="{count:,} bad cells", count=number)


def confirm_leaving(trials: Sequence[Imported], *, yes: bool) -> None:
    """Ask before those who are missing are no longer expected; says who, and what else is doubtful."""
    for trial in trials:
        for line in list_doubts(trial.doubts, trial.source):
            say(line)
    leaving = [change.user for trial in trials for change in trial.diff.leaving]
    confirm_named(
        [f"{user.nama} ({user.user_id})" for user in leaving],
        lambda names, more: Text(
            "{names}{more} is missing from the sheet: no longer expected from today on?",
            plural="{names}{more} are missing from the sheet: no longer expected from today on?",
            count=len(leaving),
            names=names,
            more=more,
        ),
        yes=yes,
    )
