"""Users as a sheet: imported all or nothing, and exported so that an import of it changes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cicero_cli.core.private_files import write_private
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.heading_choices import read_choices, settle
from cicero_cli.domain.roster.sheet import Roster, read_roster, sheet_row
from cicero_cli.domain.roster.sheet_csv import write_rows
from cicero_cli.domain.roster.sheet_diff import RosterDiff, compare_roster
from cicero_cli.domain.roster.sheet_headings import require_headings, settled_here
from cicero_cli.domain.roster.sheet_rejects import list_rejects
from cicero_cli.domain.roster.sheet_rows import Sheet
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.import_result import (
    SHARE_LEAVING,
    changed_since_dry_run,
    most_leaving,
)
from cicero_cli.services.roster.imported import Imported
from cicero_cli.services.roster.sheet_sources import ReadLink, read_source
from cicero_cli.services.roster.user_imports import keep_import

Agree = Callable[[Sequence[Imported]], None]


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
    sync: bool = False,
    share: float = SHARE_LEAVING,
    expect: str | None = None,
    agree: Agree | None = None,
    transfer: bool = False,
    going: Collection[str] = (),
) -> Imported:
    """Bring the users of one client up to date with a sheet (`-`: standard input; with `content`, `source` is its name;
    with `sheet` it is read already).

    One bad row and nothing is written, unless `skip_bad` leaves it out; a bad handle or number costs that cell alone.
    Fields that the file does not have, or has empty, stay; so do users whom it does not have, unless `sync` deactivates them: not
    more than this `share` of the active ones at once, and one at least. `agree` is asked before anybody is, and raises when
    not; `expect` is the digest of the dry run that this shall be. With `transfer` users of other clients become this one's, their
    past stays there; `going` are not missed, because they go to another client. Columns with the headings
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
            sync=sync,
            written=written,
            import_id=import_id,
            settled=settled_here(roster.table, settled),
            most_leaving=most_leaving(share, sum(user.status for user in known)),
        )

    how = _How(by=by, sync=sync, transfer=transfer, going=going)
    known: Sequence[User] = ()
    if dry_run or (sync and agree is not None):
        known = store.users.list([client.client_id])
        trial = imported(_compare(store, roster, client.client_id, known, how), 0)
        if dry_run or trial.is_stopped:
            return trial
        if agree is not None and trial.diff.leaving:
            agree([trial])
            expect = expect or trial.digest
    with store.job_lock(f"user import --client {client.client_id}"), store.transaction():
        if transfer:
            store.clients.hold_transfers()
        store.clients.hold(client.client_id)
        store.heading_choices.save(client.client_id, chosen)
        known = store.users.lock_all(client.client_id)
        diff = _compare(store, roster, client.client_id, known, how)
        planned = imported(diff, 0)
        if expect is not None and planned.digest != expect:
            raise changed_since_dry_run()
        users = [change.user for change in diff.writes]
        if not users or planned.is_stopped:
            return planned
        coming = {change.user.user_id: change.before for change in diff.coming if change.before}
        away = {change.user.user_id: change.leave for change in diff.writes if change.leave}
        if store.users.save_all(users, coming=[*coming]) != len(users):
            raise TryLaterError(
                "somebody else added one of these users to another client just now",
                hint="nothing was changed; run it again",
            )
        store.history.change_leave(away)
        import_id = keep_import(
            store,
            client.client_id,
            diff.writes,
            source=name,
            by=by,
            deactivated=len(diff.leaving),
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
                "deactivated": len(diff.leaving),
                "transferred": len(coming),
                "leave": len(away),
                "bad_rows": diff.bad_lines,
                "written": len(users),
            },
        )
        for former in sorted({user.client_id for user in coming.values()}):
            ids = [user.user_id for user in coming.values() if user.client_id == former]
            details = {"to": client.client_id, "users": ids, "import": import_id}
            store.audit.add(
                "users.transferred", by, subject=former, client_id=former, details=details
            )
    return imported(diff, len(users), import_id)


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


@dataclass(frozen=True, kw_only=True)
class _How:
    by: Actor
    sync: bool
    transfer: bool
    going: Collection[str]


def _compare(
    store: Store, roster: Roster, client_id: str, known: Sequence[User], how: _How
) -> RosterDiff:
    holders = store.users.clients_elsewhere([*roster.rows], client_id)
    elsewhere = {
        user_id: other if how.by.may_see(other) else None for user_id, other in holders.items()
    }
    extra = store.users.extra_handles_of(client_id)
    coming: list[User] = []
    if how.transfer:
        ids = [user_id for user_id, other in elsewhere.items() if other]
        coming = store.users.lock_elsewhere(ids, client_id)
        for former in {user.client_id for user in coming}:
            extra |= store.users.extra_handles_of(former)
    return compare_roster(
        roster,
        client_id=client_id,
        known=known,
        elsewhere=elsewhere,
        extra=extra,
        sync=how.sync,
        coming={user.user_id: user for user in coming},
        going=how.going,
        leave=store.history.leave_of_many([*roster.rows]) if "mulai" in roster.columns else {},
    )
