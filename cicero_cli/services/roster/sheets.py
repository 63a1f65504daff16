"""Users as a sheet: imported all or nothing, and exported so that an import of it changes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cicero_cli.core.private_files import write_private
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.heading_choices import read_choices, settle
from cicero_cli.domain.roster.heading_words import heading_words
from cicero_cli.domain.roster.sheet import Roster, read_roster, sheet_row
from cicero_cli.domain.roster.sheet_csv import write_rows
from cicero_cli.domain.roster.sheet_diff import RosterDiff, compare_roster
from cicero_cli.domain.roster.sheet_headings import require_headings
from cicero_cli.domain.roster.sheet_rejects import list_rejects
from cicero_cli.domain.roster.sheet_rows import Sheet
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import ExitCode, InputError, TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.sheet_sources import ReadLink, read_source
from cicero_cli.services.roster.user_imports import keep_import


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What an import did, or with `dry_run` would do. `refused`: a bad row kept everything from being written.

    `import_id`: what takes it back (`user import --undo`); None when nothing was written.
    """

    client_id: str
    source: str
    roster: Roster
    diff: RosterDiff
    dry_run: bool
    skip_bad: bool
    written: int
    import_id: int | None = None
    settled: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return bool(self.diff.bad) and not self.skip_bad

    @property
    def exit_code(self) -> ExitCode:
        """The same for a dry run as for the import itself."""
        if not self.diff.bad:
            return ExitCode.PARTIAL if self.diff.bad_cells else ExitCode.OK
        if not self.skip_bad:
            return ExitCode.USAGE
        good = len(self.diff.new) + len(self.diff.changed) + self.diff.unchanged
        return ExitCode.PARTIAL if good else ExitCode.FAILED


def import_users(
    store: Store,
    client_id: str,
    source: str,
    *,
    by: Actor,
    content: bytes | None = None,
    sheet: Sheet | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    ignore: Collection[str] = (),
    tab: str | None = None,
    choices: Sequence[str] = (),
    read_link: ReadLink | None = None,
) -> Imported:
    """Bring the users of one client up to date with a sheet (`-`: standard input; with `content`, `source` is its name;
    with `sheet` it is read already).

    One bad row and nothing is written, unless `skip_bad` leaves it out; a bad handle or number costs that cell alone.
    Fields that the file does not have, or has empty, stay; users whom it does not have stay. Columns with the headings
    `ignore` are not read; `tab` is of a workbook; `choices` ("Kolom Sheet=divisi") say what headings mean, and are remembered
    for the client unless it is a dry run. `read_link` reads what is at Google's; without it nothing is. InputError when the file cannot be read as a sheet of users.
    """
    client = get_client(store, client_id)
    if sheet is None:
        sheet = read_source(source, content, tab, read_link)
    name = sheet.name
    chosen = read_choices(choices)
    settled = settle(store.heading_choices.list(client.client_id), chosen)
    roster = read_roster(sheet, ignore, settled)
    require_headings(roster.table, [heading for heading, column in chosen.items() if column])

    def imported(diff: RosterDiff, written: int, import_id: int | None = None) -> Imported:
        return Imported(
            client_id=client.client_id,
            source=name,
            roster=roster,
            diff=diff,
            dry_run=dry_run,
            skip_bad=skip_bad,
            written=written,
            import_id=import_id,
            settled={
                " ".join(heading.split()): column
                for heading in roster.table.header
                if (column := settled.get(heading_words(heading)))
            },
        )

    if dry_run:
        known = store.users.list([client.client_id])
        return imported(_compare(store, roster, client.client_id, known, by), 0)
    with store.job_lock(f"user import --client {client.client_id}"), store.transaction():
        store.clients.hold(client.client_id)
        store.heading_choices.save(client.client_id, chosen)
        known = store.users.lock_all(client.client_id)
        diff = _compare(store, roster, client.client_id, known, by)
        changes = [*diff.new, *diff.changed]
        users = [change.user for change in changes]
        if not users or (diff.bad and not skip_bad):
            return imported(diff, 0)
        if store.users.save_all(users) != len(users):
            raise TryLaterError(
                "somebody else added one of these users to another client just now",
                hint="nothing was changed; run it again",
            )
        import_id = keep_import(
            store,
            client.client_id,
            changes,
            source=name,
            by=by,
            deactivated=0,
            refused=diff.bad_lines,
        )
        store.audit.add(
            "users.imported",
            by,
            subject=client.client_id,
            client_id=client.client_id,
            details={
                "import": import_id,
                "new": len(diff.new),
                "changed": len(diff.changed),
                "bad_rows": diff.bad_lines,
                "written": len(users),
            },
        )
    return imported(diff, len(users), import_id)


def import_document(imported: Imported) -> dict[str, Any]:
    """An import as JSON (docs/scripting.md)."""
    diff = imported.diff
    return {
        "client_id": imported.client_id,
        "source": imported.source,
        "import_id": imported.import_id,
        "dry_run": imported.dry_run,
        "new": len(diff.new),
        "changed": len(diff.changed),
        "unchanged": diff.unchanged,
        "missing": len(diff.missing),
        "written": imported.written,
        "bad": [asdict(bad) for bad in diff.bad],
        "bad_cells": [asdict(cell) for cell in diff.bad_cells],
        "changes": [
            {
                "user_id": change.user.user_id,
                "nama": change.user.nama,
                "line": change.line,
                "new": change.before is None,
                "changes": change.changes,
            }
            for change in [*diff.new, *diff.changed]
        ],
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
            "line": change.line,
            "change": "changed" if change.before else "new",
            "field": field,
            "old": old,
            "value": value,
        }
        for change in [*imported.diff.new, *imported.diff.changed]
        for field, (old, value) in change.changes.items()
    ]


def export_users(store: Store, client_id: str) -> tuple[list[User], list[dict[str, str]]]:
    """The users of one client, and the same as rows of a sheet that `import_users` reads back unchanged."""
    users = store.users.list([get_client(store, client_id).client_id])
    return users, [sheet_row(user) for user in users]


def check_rejects(path: str, source: str) -> None:
    """InputError when the rejects of this sheet cannot go there: said before anything is imported."""
    if Path(path).resolve() == Path(source).resolve():
        raise InputError("{path} is the sheet itself; name another file", path=path)
    if not os.access(Path(path).parent, os.W_OK) or Path(path).is_dir():
        raise InputError("{path} cannot be written; name a file in a folder of yours", path=path)


def write_rejects(imported: Imported, path: str, shown: Callable[[str], str] = str) -> int:
    """Write the rows that were left out, or lost a cell, under their headings; how many they are.

    Each has its reasons in front. Mended, the file is imported like the first. `shown` puts a reason into the reader's language.
    """
    rows = list_rejects(imported.roster, imported.diff, shown)
    write_sheet(write_rows(rows), path)
    return len(rows) - 1


def write_sheet(text: str, path: str) -> None:
    """Write a sheet as a file of its owner's alone; its byte order mark tells Excel that it is UTF-8."""
    write_private(path, text.encode("utf-8-sig"))


def _compare(
    store: Store, roster: Roster, client_id: str, known: Sequence[User], by: Actor
) -> RosterDiff:
    holders = store.users.clients_elsewhere([*roster.rows], client_id)
    elsewhere = {
        user_id: other if by.may_see(other) else None for user_id, other in holders.items()
    }
    return compare_roster(roster, client_id=client_id, known=known, elsewhere=elsewhere)
