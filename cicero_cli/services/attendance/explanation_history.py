"""The history beside an explanation: where somebody was expected when, and which handle counted when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.history import HandleSpan, UserDays
from cicero_cli.words import Text, join_texts


@dataclass(frozen=True)
class UserHistory:
    """As known now, the newest days first; handles by platform and name."""

    days: Sequence[UserDays]
    handles: Sequence[HandleSpan]


def read_history(store: Store, user_id: str) -> UserHistory:
    """Empty for who was never there."""
    return UserHistory(store.history.of_user(user_id), store.history.handles_of(user_id))


def history_document(history: UserHistory, zone: ZoneInfo) -> dict[str, Any]:
    """`{days: [{from_day, last_day, client_id, status, leave, …}], handles: [{platform, username, client_id, from, until}]}`."""
    return {
        "days": [asdict(days) for days in history.days],
        "handles": [
            {
                "platform": span.platform,
                "username": span.username,
                "client_id": span.client_id,
                "from": _iso(span.owned_from, zone),
                "until": _iso(span.owned_until, zone),
            }
            for span in history.handles
        ],
    }


def history_lines(history: UserHistory, zone: ZoneInfo) -> list[Text]:
    """A line for each span of days, and for each of a handle."""
    lines = [Text("History")] if history.days else []
    for days in history.days:
        facts: list[str] = [days.client_id]
        if days.divisi:
            facts.append(days.divisi)
        if not days.status:
            facts.append(Text("not on the roster"))
        if days.leave:
            facts.append(Text("on leave: {reason}", reason=days.leave))
        elif days.exception:
            facts.append(Text("exception"))
        span = f"{_day(days.from_day)}..{_day(days.last_day)}"
        lines.append(Text("  {span}: {facts}", span=span, facts=join_texts(facts)))
    lines += [
        Text(
            "  {platform} @{handle} counts at {client_id}: {span}",
            platform=span.platform,
            handle=span.username,
            client_id=span.client_id,
            span=f"{_minute(span.owned_from, zone)}..{_minute(span.owned_until, zone)}",
        )
        for span in history.handles
    ]
    return lines


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _minute(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _iso(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None
