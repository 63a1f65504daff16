"""Clients from a sheet: all of them or none."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.client_headings import CLIENT_FIELDS, client_field_of
from cicero_cli.domain.roster.client_sheet import ClientDiff, compare_clients
from cicero_cli.domain.roster.heading_choices import read_choices, settle
from cicero_cli.errors import ExitCode, InputError, TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import normalise_field
from cicero_cli.services.roster.sheet_sources import ReadLink, read_source

_DIGEST_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class ClientsImported:
    """What an import of clients did, or with `dry_run` would do; a bad row kept everything from being written unless `skip_bad`."""

    source: str
    diff: ClientDiff
    dry_run: bool
    skip_bad: bool
    written: int = 0

    @property
    def refused(self) -> bool:
        return bool(self.diff.bad) and not self.skip_bad

    @property
    def digest(self) -> str:
        """Names what the import does: another sheet, or other clients on file, and it is another."""
        told = [(change.line, change.before, change.client) for change in self.diff.writes]
        return hashlib.sha256(repr((told, list(self.diff.bad))).encode()).hexdigest()[
            :_DIGEST_LENGTH
        ]

    @property
    def exit_code(self) -> ExitCode:
        """The same for a dry run as for the import itself."""
        if self.refused:
            return ExitCode.USAGE
        if not self.diff.bad:
            return ExitCode.OK
        good = len(self.diff.writes) + self.diff.unchanged
        return ExitCode.PARTIAL if good else ExitCode.FAILED


def import_clients(
    store: Store,
    source: str,
    *,
    by: Actor,
    dry_run: bool = False,
    skip_bad: bool = False,
    ignore: Collection[str] = (),
    tab: str | None = None,
    choices: Sequence[str] = (),
    read_link: ReadLink | None = None,
    expect: str | None = None,
) -> ClientsImported:
    """Bring the clients up to date with a sheet; the arguments are those of `import_users`.

    One bad row and nothing is written, unless `skip_bad` leaves it out. Clients that the sheet lacks stay, and so do fields that it does
    not have, or has empty.
    """
    sheet = read_source(source, None, tab, read_link)
    settled = settle({}, read_choices(choices, CLIENT_FIELDS, client_field_of))

    def compared() -> ClientsImported:
        diff = compare_clients(sheet, store.clients.list(), normalise_field, ignore, settled)
        return ClientsImported(source=sheet.name, diff=diff, dry_run=dry_run, skip_bad=skip_bad)

    if dry_run:
        return compared()
    with store.job_lock("client import"), store.transaction():
        for client in store.clients.list():
            store.clients.lock(client.client_id)
        planned = compared()
        if expect is not None and planned.digest != expect:
            raise InputError(
                "the sheet or the clients on file have changed since the dry run: nothing was imported",
                hint="look at it again with --dry-run",
            )
        if planned.refused:
            return planned
        for change in planned.diff.writes:
            if change.before is not None:
                store.clients.update(change.client)
            elif not store.clients.add(change.client):
                raise TryLaterError(
                    "somebody else added client {client_id} just now",
                    hint="nothing was changed; run it again",
                    client_id=change.client.client_id,
                )
            store.audit.add(
                "client.changed" if change.before else "client.added",
                by,
                subject=change.client.client_id,
                client_id=change.client.client_id,
                details={"fields": sorted(change.changes), "source": sheet.name},
            )
    return ClientsImported(
        source=sheet.name,
        diff=planned.diff,
        dry_run=False,
        skip_bad=skip_bad,
        written=len(planned.diff.writes),
    )


def clients_document(imported: ClientsImported) -> dict[str, Any]:
    """An import of clients as JSON (docs/scripting.md)."""
    diff = imported.diff
    return {
        "source": imported.source,
        "dry_run": imported.dry_run,
        "new": len(diff.new),
        "changed": len(diff.changed),
        "unchanged": diff.unchanged,
        "missing": len(diff.missing),
        "refused": diff.bad_lines,
        "digest": imported.digest,
        "written": imported.written,
        "bad": [asdict(bad) for bad in diff.bad],
        "changes": [
            {
                "client_id": change.client.client_id,
                "nama": change.client.nama,
                "line": change.line,
                "new": change.before is None,
                "changes": change.changes,
            }
            for change in diff.writes
        ],
        "missing_clients": [
            {"client_id": client.client_id, "nama": client.nama} for client in diff.missing
        ],
        "ignored_columns": list(diff.ignored),
    }
