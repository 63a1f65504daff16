"""How an import of people is told in a shell."""

from __future__ import annotations

from collections.abc import Sequence

from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.console.remarks import confirm, say
from cicero_cli.domain.roster.sheet_text import (
    doubt_leave,
    list_bad_rows,
    list_doubts,
    summarise,
    tabulate_diff,
)
from cicero_cli.errors import ExitCode
from cicero_cli.services.roster.imported import Imported, import_document, list_changes
from cicero_cli.words import Text

_MOST_NAMED = 10


def import_outcome(imported: Imported, rejects: str | None = None) -> Outcome:
    """What is new, changed, missing and bad; nothing was written when a row is bad, unless that was wanted.

    `rejects`: the file that the bad rows and those with a bad cell were written to.
    """
    diff = imported.diff
    failures = list_bad_rows(diff.bad, imported.source)
    failures |= list_bad_rows(diff.bad_cells, imported.source)
    notes = [*list_doubts(imported.doubts, imported.source), *doubt_leave(imported.roster)]
    if imported.settled:
        notes.append(
            Text(
                "columns settled by --map: {columns}",
                columns=", ".join(
                    f"{name!r} = {field}" for name, field in imported.settled.items()
                ),
            )
        )
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
    if imported.roster.table.ignored:
        notes.append(
            Text(
                "columns not known, ignored: {ignored}",
                ignored=", ".join(imported.roster.table.ignored),
            )
        )
    if imported.refused:
        failures[shown("nothing was imported")] = Text(
            "correct {rows}, or import the others with --skip-bad", rows=_rows(diff.bad_lines)
        )
    elif diff.bad:
        failures[shown("{rows} left out", rows=_rows(diff.bad_lines))] = Text(
            "correct it and import again",
            plural="correct them and import again",
            count=diff.bad_lines,
        )
    if imported.too_many:
        failures[shown("nothing was imported")] = Text(
            "{leaving:,} active people are missing from the sheet, and at most {most:,} may leave at once;"
            " if they all left: --sync-share 1",
            leaving=len(diff.leaving),
            most=imported.most_leaving,
        )
    if imported.sync and diff.unnamed:
        failures[shown("nobody was deactivated")] = Text(
            "line {lines} names nobody on file and may be one of the missing: correct it and import again",
            lines=", ".join(map(str, diff.unnamed[:5])),
        )
    if diff.bad_cells:
        failures[shown("{cells} not read", cells=_cells(len(diff.bad_cells)))] = Text(
            "what is on file stays; the rest of the row counts"
        )
    if rejects and (diff.bad or diff.bad_cells):
        notes.append(Text("to mend and import again: {path}", path=rejects))
    text = ""
    if imported.dry_run or not imported.is_stopped:
        text = shown(summarise(diff, imported.client_id, imported.source))
        if imported.dry_run:
            text += f"\n{shown('Dry run: nothing was written.')}\n{tabulate_diff(diff, shown)}"
    return Outcome(
        rows=list_changes(imported),
        document=import_document(imported),
        text=text,
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


def _rows(number: int) -> str:
    return Text("{count:,} bad row", plural="{count:,} bad rows", count=number)


def _cells(number: int) -> str:
    return Text("{count:,} bad cell", plural="{count:,} bad cells", count=number)


def confirm_leaving(trials: Sequence[Imported], *, yes: bool) -> None:
    """Ask before those who are missing are no longer expected; says who, and what else is doubtful."""
    for trial in trials:
        for line in list_doubts(trial.doubts, trial.source):
            say(line)
    leaving = [change.user for trial in trials for change in trial.diff.leaving]
    if not leaving:
        return
    names = ", ".join(f"{user.nama} ({user.user_id})" for user in leaving[:_MOST_NAMED])
    more = len(leaving) - _MOST_NAMED
    confirm(
        Text(
            "{names}{more} is missing from the sheet: no longer expected from today on?",
            plural="{names}{more} are missing from the sheet: no longer expected from today on?",
            count=len(leaving),
            names=names,
            more=Text(" and {count:,} others", count=more) if more > 0 else "",
        ),
        yes=yes,
    )
