"""What an import of people did, or would do: for a shell, a script, the page and the operator's message."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from cicero_cli.domain.roster.sheet import Roster
from cicero_cli.domain.roster.sheet_diff import Change, RosterDiff
from cicero_cli.domain.roster.sheet_doubts import Doubt, find_doubts
from cicero_cli.errors import ExitCode

_DIGEST_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did, or with `dry_run` would do.

    `refused`: a bad row kept everything from being written; `too_many`: more are missing than may leave at once
    (`most_leaving`). `import_id`: what takes it back (`user import --undo`); None when nothing was written.
    """

    client_id: str
    source: str
    roster: Roster
    diff: RosterDiff
    dry_run: bool
    skip_bad: bool
    sync: bool = False
    written: int
    import_id: int | None = None
    settled: Mapping[str, str] = field(default_factory=dict)
    most_leaving: int = 0

    @property
    def refused(self) -> bool:
        return bool(self.diff.bad) and not self.skip_bad

    @property
    def too_many(self) -> bool:
        return len(self.diff.leaving) > self.most_leaving

    @property
    def is_stopped(self) -> bool:
        return self.refused or self.too_many

    @property
    def is_partial(self) -> bool:
        """Whether something of the sheet does not count: a row, a cell, or who is missing."""
        return bool(self.diff.bad or self.diff.bad_cells or (self.sync and self.diff.unnamed))

    @property
    def doubts(self) -> list[Doubt]:
        return find_doubts(self.diff)

    @property
    def digest(self) -> str:
        """Names what the import does: another sheet, or other people on file, and it is another."""
        told = [
            (change.line, change.before, change.user, change.leave) for change in self.diff.writes
        ]
        whole = repr((told, list(self.diff.bad), list(self.diff.bad_cells)))
        return hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST_LENGTH]

    @property
    def exit_code(self) -> ExitCode:
        """The same for a dry run as for the import itself."""
        if self.is_stopped:
            return ExitCode.USAGE
        if not self.diff.bad:
            return ExitCode.PARTIAL if self.is_partial else ExitCode.OK
        good = len(self.diff.new) + len(self.diff.changed) + self.diff.unchanged
        return ExitCode.PARTIAL if good else ExitCode.FAILED


def import_document(imported: Imported) -> dict[str, Any]:
    """An import as JSON (docs/scripting.md)."""
    diff, doubts = imported.diff, imported.doubts
    return {
        "client_id": imported.client_id,
        "source": imported.source,
        "import_id": imported.import_id,
        "dry_run": imported.dry_run,
        "new": len(diff.new),
        "changed": len(diff.changed),
        "unchanged": diff.unchanged,
        "missing": len(diff.missing),
        "deactivated": len(diff.leaving),
        "transferred": len(diff.coming),
        "refused": diff.bad_lines,
        "doubtful": len(doubts),
        "digest": imported.digest,
        "written": imported.written,
        "bad": [asdict(bad) for bad in diff.bad],
        "bad_cells": [asdict(cell) for cell in diff.bad_cells],
        "changes": [
            {
                "user_id": change.user.user_id,
                "nama": change.user.nama,
                "line": change.line or None,
                "new": change.before is None,
                "changes": change.changes,
            }
            for change in diff.writes
        ],
        "doubts": [asdict(doubt) for doubt in doubts],
        "missing_users": [
            {"user_id": user.user_id, "nama": user.nama, "status": user.status}
            for user in diff.missing
        ],
        "ignored_columns": imported.roster.table.ignored,
        "mapped_columns": imported.settled,
    }


def list_changes(imported: Imported) -> list[dict[str, Any]]:
    """A row for each field of each user that is new or changed."""
    return [
        {
            "user_id": change.user.user_id,
            "nama": change.user.nama,
            "line": change.line or None,
            "change": _word(change),
            "field": field,
            "old": old,
            "value": value,
        }
        for change in imported.diff.writes
        for field, (old, value) in change.changes.items()
    ]


def _word(change: Change) -> str:
    if change.before is None:
        return "new"
    return "changed" if change.line else "deactivated"
