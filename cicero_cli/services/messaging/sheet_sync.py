"""`user sync`: every client's sheet is read, what changed goes to its operator, and is written when nobody need look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.messages import (
    LONGEST_MESSAGE,
    Kind,
    NewMessage,
    split_text,
)
from cicero_cli.domain.messaging.sync_message import write_sync_message, write_unread_message
from cicero_cli.domain.periods import format_day_indonesian
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.phones import normalise_recipient
from cicero_cli.domain.roster.sheet_links import find_sheet_link
from cicero_cli.domain.roster.sheet_rows import Sheet
from cicero_cli.errors import CiceroError, InputError, TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.imported import Imported
from cicero_cli.services.roster.sheet_sources import ReadLink
from cicero_cli.services.roster.sheets import import_users
from cicero_cli.words import Text

_WANTED = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Synced:
    """What became of one client's sheet. `obstacles`: why its changes were not written; `queued`: messages to the operator."""

    imported: Imported
    obstacles: Sequence[str]
    queued: int = 0

    @property
    def is_news(self) -> bool:
        """Whether there is anything to tell."""
        diff = self.imported.diff
        return bool(diff.writes or diff.bad or self.imported.doubts)


@dataclass
class SyncedAll:
    """All that were read; what went wrong, by client; who is to be tried again."""

    sheets: list[Synced] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    without_operator: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Night:
    """When sheets are read: `slots` say when each client's slot began."""

    slots: Mapping[str, datetime]
    now: datetime


def sync_sheets(
    store: Store,
    clients: Sequence[Client],
    read_link: ReadLink,
    night: Night,
    *,
    by: Actor,
    dry_run: bool = False,
) -> SyncedAll:
    """Read the sheets of these clients, which all have one.

    The changes are written when no row is refused or doubtful and not too many leave; the operator is told of them either way, once
    a slot. Nothing changed: nothing is told. One client's trouble is its own; a sheet that cannot be read is told, too.
    """
    done = SyncedAll()
    followed = store.followed_sheets.list()
    for client in clients:
        sheet = followed[client.client_id]
        try:
            content = _read(read_link, sheet.link, sheet.tab)
            synced = _sync(store, client, content, night, by=by, dry_run=dry_run)
            done.sheets.append(synced)
            if synced.is_news and not client.client_operator:
                done.without_operator.append(client.client_id)
        except TryLaterError as error:
            done.failures[client.client_id] = error.line
            done.open.add(client.client_id)
        except CiceroError as error:
            done.failures[client.client_id] = error.line
            if not dry_run:
                body = write_unread_message(client.nama, _day(client, night), error.message)
                _queue(store, client, body, night)
    return done


def _read(read_link: ReadLink, link: str, tab: str | None) -> Sheet:
    found = find_sheet_link(link)
    if found is None:
        raise InputError("{link} is no link to a Google Sheet", link=link)
    return read_link(found, tab)


def _sync(
    store: Store, client: Client, sheet: Sheet, night: Night, *, by: Actor, dry_run: bool
) -> Synced:
    trial = import_users(
        store, client.client_id, sheet.name, by=by, sheet=sheet, dry_run=True, sync=True
    )
    synced = Synced(imported=trial, obstacles=find_obstacles(trial))
    if dry_run or not synced.is_news:
        return synced
    with store.transaction():  # what is written is told, also when the process dies in between
        if not synced.obstacles and trial.diff.writes:
            imported = import_users(
                store,
                client.client_id,
                sheet.name,
                by=by,
                sheet=sheet,
                sync=True,
                expect=trial.digest,
            )
            synced = Synced(imported=imported, obstacles=())
        body = write_sync_message(
            client.nama,
            _day(client, night),
            synced.imported.diff,
            synced.imported.doubts,
            obstacles=synced.obstacles,
            import_id=synced.imported.import_id,
        )
        queued = _queue(store, client, body, night)
    return Synced(imported=synced.imported, obstacles=synced.obstacles, queued=queued)


def find_obstacles(imported: Imported) -> list[str]:
    """Why somebody must look at the sheet before it is written."""
    diff, doubts = imported.diff, imported.doubts
    obstacles: list[str] = []
    if diff.bad:
        obstacles.append(
            Text(
                "{count:,} row is refused",
                plural="{count:,} rows are refused",
                count=diff.bad_lines,
            )
        )
    if doubts:
        obstacles.append(
            Text(
                "{count:,} row is doubtful", plural="{count:,} rows are doubtful", count=len(doubts)
            )
        )
    if imported.too_many:
        obstacles.append(
            Text(
                "{leaving:,} active people are missing from the sheet, and at most {most:,} may leave at once",
                leaving=len(diff.leaving),
                most=imported.most_leaving,
            )
        )
    return obstacles


def _day(client: Client, night: Night) -> str:
    return format_day_indonesian(night.now.astimezone(client.zone).date())


def _queue(store: Store, client: Client, body: str, night: Night) -> int:
    """The message to the operator, in parts, once a slot; how many were queued."""
    try:
        recipient = normalise_recipient(client.client_operator or "")
    except ValueError:
        recipient = None
    if recipient is None:
        return 0
    slot = night.slots[client.client_id]
    parts = split_text(body, LONGEST_MESSAGE)
    messages = [
        NewMessage(
            dedupe_key=f"sync:{client.client_id}:{slot:%Y-%m-%dT%H:%M}:{recipient}:{number}",
            kind=Kind.SYNC,
            client_id=client.client_id,
            day=slot.date(),
            recipient=recipient,
            body=part,
            expires_at=night.now + _WANTED,
        )
        for number, part in enumerate(parts, start=1)
    ]
    if store.outbox.find_known([messages[0].dedupe_key]):
        return 0
    return len(store.outbox.add(messages, now=night.now))
