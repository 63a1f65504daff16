"""What an import did, or would do, whether of people or of clients: what stops it, its digest, how it ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from cicero_cli.domain.roster.sheet import BadRow
from cicero_cli.domain.roster.sheet_doubts import Doubt
from cicero_cli.errors import ExitCode, InputError

SHARE_LEAVING = 0.1
_DIGEST_LENGTH = 16


class Diff(Protocol):
    """What both differences have, of users and of clients."""

    @property
    def new(self) -> Sequence[Any]: ...
    @property
    def changed(self) -> Sequence[Any]: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def leaving(self) -> Sequence[Any]: ...
    @property
    def unnamed(self) -> Sequence[int]: ...
    @property
    def bad(self) -> Sequence[BadRow]: ...
    @property
    def bad_cells(self) -> Sequence[BadRow]: ...
    @property
    def bad_lines(self) -> int: ...
    @property
    def writes(self) -> Sequence[Any]: ...


Named = Mapping[str, str]  # id and name of a user or client
AnyDiff = TypeVar("AnyDiff", bound=Diff)


@dataclass(frozen=True, kw_only=True)
class ImportResult(Generic[AnyDiff]):
    """What an import did, or with `dry_run` would do.

    `refused`: a bad row kept everything from being written; `too_many`: more are missing than may leave at once
    (`most_leaving`). `import_id`: what takes it back (`--undo`); None when nothing was written. `settled`: what headings of the
    sheet were said to mean.
    """

    source: str
    diff: AnyDiff
    dry_run: bool
    skip_bad: bool
    sync: bool = False
    written: int = 0
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
    def digest(self) -> str:
        """Names what the import does: another sheet, or others on file, and it is another."""
        told = repr((self.diff.writes, [*self.diff.bad], [*self.diff.bad_cells]))
        return hashlib.sha256(told.encode()).hexdigest()[:_DIGEST_LENGTH]

    @property
    def exit_code(self) -> ExitCode:
        """The same for a dry run as for the import itself."""
        if self.is_stopped:
            return ExitCode.USAGE
        if not self.diff.bad:
            return ExitCode.PARTIAL if self.is_partial else ExitCode.OK
        good = len(self.diff.new) + len(self.diff.changed) + self.diff.unchanged
        return ExitCode.PARTIAL if good else ExitCode.FAILED


def most_leaving(share: float, active: int) -> int:
    """How many of the active ones may leave at once."""
    return max(1, int(share * active))


def counts_document(imported: ImportResult[Any], doubts: Sequence[Doubt]) -> dict[str, Any]:
    """The counts of an import as JSON (docs/json.md)."""
    diff = imported.diff
    return {
        "source": imported.source,
        "import_id": imported.import_id,
        "dry_run": imported.dry_run,
        "new": len(diff.new),
        "changed": len(diff.changed),
        "unchanged": diff.unchanged,
        "missing": len(diff.missing),
        "deactivated": len(diff.leaving),
        "refused": diff.bad_lines,
        "doubtful": len(doubts),
        "digest": imported.digest,
        "written": imported.written,
    }


def doubts_document(doubts: Sequence[Doubt], key: str) -> list[dict[str, Any]]:
    """Doubts as JSON; `key` is what their ids are called."""
    return [
        {"line": doubt.line, key: doubt.key, "nama": doubt.nama, "reason": doubt.reason}
        for doubt in doubts
    ]


def changes_document(writes: Sequence[Any], name: Callable[[Any], Named]) -> list[dict[str, Any]]:
    """Who is new or changed as JSON, each with all fields; `name` says who it is."""
    return [
        {
            **name(change),
            "line": change.line or None,
            "new": change.before is None,
            "changes": change.changes,
        }
        for change in writes
    ]


def list_fields(writes: Sequence[Any], name: Callable[[Any], Named]) -> list[dict[str, Any]]:
    """A row for each field of everyone who is new or changed."""
    return [
        {
            **name(change),
            "line": change.line or None,
            "change": _word(change),
            "field": field,
            "old": old,
            "value": value,
        }
        for change in writes
        for field, (old, value) in change.changes.items()
    ]


def _word(change: Any) -> str:
    if change.before is None:
        return "new"
    return "changed" if change.line else "deactivated"


def changed_since_dry_run() -> InputError:
    """The error for an import that is no longer what its dry run showed."""
    return InputError(
        "the sheet or what is on file has changed since the dry run: nothing was imported",
        hint="look at it again with --dry-run",
    )
