"""How an export of people is told in a shell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from cicero_cli.console.outcome import Outcome
from cicero_cli.domain.roster.sheet import SHEET_COLUMNS
from cicero_cli.domain.roster.sheet_csv import write_csv
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text


def export_outcome(
    users: Sequence[User], rows: Sequence[Mapping[str, str]], *, file: str | None, dry_run: bool
) -> Outcome:
    """The sheet itself without a file, else how many users it has."""
    if file is None:
        return Outcome(
            rows=rows,
            columns={column: column for column in SHEET_COLUMNS},
            document=[asdict(user) for user in users],
            text=write_csv(SHEET_COLUMNS, rows),
        )
    done = (
        Text(
            "{count:,} user would be written to {file}.",
            plural="{count:,} users would be written to {file}.",
            count=len(users),
            file=file,
        )
        if dry_run
        else Text(
            "{count:,} user written to {file}.",
            plural="{count:,} users written to {file}.",
            count=len(users),
            file=file,
        )
    )
    return Outcome(text=done, document={"file": file, "users": len(users), "dry_run": dry_run})
