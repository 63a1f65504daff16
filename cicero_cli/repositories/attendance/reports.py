"""Rows of `report`: what a sent laphar said, and what the history says of those for whom it would be another today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import psycopg

from cicero_cli.domain.attendance.absensi import Attendance
from cicero_cli.domain.attendance.changes import Fact, Report, Sighting
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("reports")


class ReportRepository:
    """Reports are added with their messages, and never changed."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def keep(
        self,
        client_id: str,
        attendances: Sequence[Attendance],
        *,
        unit_id: str | None,
        scope: str,
        slot: str,
        message_ids: Sequence[int],
        now: datetime,
    ) -> int:
        """In the transaction in which these messages were queued; gives the report's number."""
        of_what = {
            "client_id": client_id,
            "unit_id": unit_id,
            "day": attendances[0].day,
            "kind": "laphar",
            "scope": scope,
            "slot": slot,
        }
        return self._keep(of_what, attendances, message_ids=message_ids, now=now)

    def keep_recap(
        self,
        client_id: str,
        document: Mapping[str, Any],
        *,
        last_day: date,
        scope: str,
        slot: str,
        message_ids: Sequence[int],
        now: datetime,
        kind: str = "rekap",
    ) -> int:
        """Likewise of a period's recap or ranking, as its JSON."""
        of_what = {
            "client_id": client_id,
            "unit_id": None,
            "day": last_day,
            "kind": kind,
            "scope": scope,
            "slot": slot,
        }
        return self._keep(of_what, document, message_ids=message_ids, now=now)

    def keep_tasks(
        self,
        client_id: str,
        document: Mapping[str, Any],
        *,
        day: date,
        scope: str,
        number: int,
        message_ids: Sequence[int],
        now: datetime,
    ) -> int:
        """Likewise of a day's task list, the `number`-th for who gets it."""
        of_what = {
            "client_id": client_id,
            "unit_id": None,
            "day": day,
            "kind": "tugas",
            "scope": scope,
            "slot": str(number),
        }
        return self._keep(of_what, document, message_ids=message_ids, now=now)

    def _keep(
        self,
        of_what: Mapping[str, Any],
        data: Any,
        *,
        message_ids: Sequence[int],
        now: datetime,
    ) -> int:
        encoded = msgspec.json.encode(data).decode()
        kept = self._connection.execute(
            _SQL["keep_report"], {**of_what, "now": now, "data": encoded}
        )
        (report_id,) = sure_row(kept.fetchone())
        self.name(report_id, message_ids)
        return int(report_id)

    def name(self, report_id: int, message_ids: Sequence[int]) -> None:
        """These messages say what this report says."""
        self._connection.execute(
            _SQL["set_report_of_messages"],
            {"report_id": report_id, "message_ids": list(message_ids)},
        )

    def get(self, report_id: int) -> Report | None:
        return self._find("find_report", {"report_id": report_id})

    def last_of(self, client_id: str, platform: Platform, day: date) -> Report | None:
        """The last one that was sent of the day, of the whole client."""
        asked = {"client_id": client_id, "platform": platform, "day": day}
        return self._find("find_last_report", asked)

    def count_naming(self, user_id: str) -> int:
        """In how many sent reports the user stands."""
        row = self._connection.execute(
            _SQL["count_reports_naming"], {"user_id": user_id}
        ).fetchone()
        return int(row[0]) if row else 0

    def _find(self, query: str, asked: dict[str, object]) -> Report | None:
        row = self._connection.execute(_SQL[query], asked).fetchone()
        if row is None:
            return None
        report_id, client_id, unit_id, day, scope, slot, made_at, data = row
        said = msgspec.json.decode(data, type=tuple[Attendance, ...])
        return Report(report_id, client_id, unit_id, day, scope, slot, made_at, said)

    def facts_of(self, user_ids: Sequence[str], day: date, as_of: datetime) -> Sequence[Fact]:
        """What was on file of them for the day, then and now."""
        asked = {"user_ids": list(user_ids), "day": day, "as_of": as_of}
        return [Fact._make(row) for row in self._connection.execute(_SQL["list_facts"], asked)]

    def sightings_of(
        self, user_ids: Sequence[str], client_id: str, platform: Platform, post_ids: Sequence[int]
    ) -> Sequence[Sighting]:
        """When they were first seen on each of these posts, by whose each handle is now."""
        asked = {
            "user_ids": list(user_ids),
            "client_id": client_id,
            "platform": platform,
            "post_ids": list(post_ids),
        }
        rows = self._connection.execute(_SQL["list_sightings"], asked)
        return [Sighting._make(row) for row in rows]
