"""Rows of `sender`: the WhatsApp accounts beside that of the settings, and what was said of any of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

import psycopg
from psycopg.rows import class_row

from cicero_cli.domain.messaging.senders import Sender
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("senders")


class SenderRepository:
    """Who sends, who is paused, and what waits for whom."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> Sender | None:
        """One sender; None also of a `default` that nothing was said of."""
        with self._connection.cursor(row_factory=class_row(Sender)) as cursor:
            return cursor.execute(_SQL["get_sender"], {"name": name}).fetchone()

    def save(self, sender: Sender) -> None:
        """Keep a new one, or how it is now; whether it is paused stays as it is."""
        self._connection.execute(_SQL["save_sender"], asdict(sender))

    def remove(self, name: str) -> None:
        """Forget it."""
        self._connection.execute(_SQL["remove_sender"], {"name": name})

    def hold_queueing(self) -> None:
        """Let nobody queue a message until the transaction ends."""
        self._connection.execute(_SQL["hold_queueing"])

    def pause(self, names: Sequence[str], *, by: str, reason: str | None, now: datetime) -> None:
        """Nothing goes out through these from now on."""
        parameters = {"names": [*names], "by": by, "reason": reason, "now": now}
        self._connection.execute(_SQL["set_pause"], parameters)

    def resume(self, names: Sequence[str]) -> set[str]:
        """These go on; gives those that were paused."""
        found = self._connection.execute(_SQL["set_resumed"], {"names": [*names]})
        return {name for (name,) in found}

    def count_open(self, name: str) -> dict[str, int]:
        """What it has not seen through yet, by status."""
        return dict(self._connection.execute(_SQL["count_open"], {"name": name}).fetchall())

    def list_clients(self, name: str) -> list[str]:
        """The clients whose sender it is."""
        found = self._connection.execute(_SQL["list_clients_of_sender"], {"name": name})
        return [client_id for (client_id,) in found]

    def list_loads(self, *, since: datetime, now: datetime) -> dict[str, tuple[int, int]]:
        """How many messages each sender has queued, and has sent since then."""
        found = self._connection.execute(_SQL["list_loads"], {"since": since, "now": now})
        return {name: (queued, sent) for name, queued, sent in found}

    def choose(
        self, recipients: Sequence[str], client_ids: Sequence[str | None], *, now: datetime
    ) -> list[str]:
        """Who would send messages to these recipients, of these clients, were they queued now."""
        parameters = {"recipients": [*recipients], "client_ids": [*client_ids], "now": now}
        return [name for (name,) in self._connection.execute(_SQL["choose_senders"], parameters)]

    def move(
        self, source: str, target: str | None, *, client_id: str | None, now: datetime
    ) -> Counter[str]:
        """What waits for one goes to another, or over the pool (None); gives how many have gone to whom."""
        query = "store_moved_to_pool" if target is None else "store_moved"
        parameters = {"source": source, "target": target, "client_id": client_id, "now": now}
        return Counter(name for (name,) in self._connection.execute(_SQL[query], parameters))

    def list(self) -> list[Sender]:
        """Every sender that something was said of, `default` first, if it is among them."""
        with self._connection.cursor(row_factory=class_row(Sender)) as cursor:
            return cursor.execute(_SQL["list_senders"]).fetchall()
