"""`cicero migrate-v2`: what Cicero_V2 knows is known here."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.options import DryRunOption, command
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.errors import ExitCode
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.domain.operations.v2_proof import Day, DayProof
    from cicero_cli.services.operations.v2_move import Move


def register(root: typer.Typer) -> None:
    """`cicero migrate-v2` stands beside the nouns: it is typed on the first day, and then no more."""
    command(
        root, "migrate-v2", example="cicero migrate-v2 --from postgresql://v2@db/cicero --dry-run"
    )(migrate_v2)


def migrate_v2(
    *,
    address: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="URL",
            help="Cicero_V2's database: postgresql://user:password@host/database.",
        ),
    ],
    dry_run: DryRunOption = False,
) -> None:
    """Move in from Cicero_V2's database, which is only read; safe to repeat until the day of the switch."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.console.remarks import cli_actor
    from cicero_cli.repositories.operations.v2_source import open_v2
    from cicero_cli.services.operations.v2_posts import move_in

    with (
        open_app() as cicero,
        cicero.store.job_lock("migrate-v2"),
        open_v2(address) as source,
        cicero.store.rehearsal() if dry_run else nullcontext(),
    ):
        move = move_in(cicero.store, source, by=cli_actor())
    finish(_outcome(move, dry_run=dry_run))


def _outcome(move: Move, *, dry_run: bool) -> Outcome:
    tables = [{"table": name, **vars(count)} for name, count in move.counts.items() if count.read]
    days = [_row(day, proof) for day, proof in sorted(move.days.items(), key=_by_day)]
    differing = [row for row in days if row["v2"] != row["here"] or row["capped"]]
    is_lost = any(not proof.is_explained for proof in move.days.values())
    notes = [*move.remarks, _proof_line(len(days), differing)]
    notes += [_day_line(row) for row in differing]
    if dry_run:
        notes.append("nothing was written")
    return Outcome(
        rows=tables,
        document={
            "tables": tables,
            "days": days,
            "remarks": [*move.remarks],
            "refused": [
                {"item": item, "reason": reason} for item, reason in move.refusals.reasons.items()
            ],
            "dry_run": dry_run,
        },
        notes=notes,
        failures=move.refusals.reasons,
        exit_code=ExitCode.FAILED if is_lost else None,
    )


def _by_day(entry: tuple[Day, DayProof]) -> tuple[str, str, str]:
    (client_id, platform, day), _ = entry
    return client_id, platform.value, day.isoformat()


def _row(day: Day, proof: DayProof) -> dict[str, Any]:
    client_id, platform, date = day
    return {
        "client_id": client_id,
        "platform": platform.value,
        "day": date,
        "posts": proof.posts,
        "v2": proof.v2,
        "here": proof.here,
        "letters": proof.letters,
        "roster": proof.roster,
        "since": proof.since,
        "lost": proof.lost,
        "capped": proof.capped,
    }


def _proof_line(days: int, differing: list[dict[str, Any]]) -> str:
    return Text(
        "attendance counted on both sides: {same:,} of {days:,} days agree to the letter",
        same=days - sum(row["v2"] != row["here"] for row in differing),
        days=days,
    )


def _day_line(row: Mapping[str, Any]) -> str:
    return Text(
        "{client_id} {platform} {day}: {v2:,} in Cicero_V2, {here:,} here; capital letters and @ {letters:+d},"
        " people or handles not on file here {roster:+d}, seen here since {since:+d}, unexplained {lost:d};"
        " posts at its cap of 1,000 likers: {capped:d}",
        **row,
    )
