"""The README's report: the demo's people on an evening when nearly everybody has done it."""

from __future__ import annotations

from csv import DictReader
from datetime import UTC, date, datetime
from importlib.resources import files

from cicero_cli.domain.attendance.absensi import PostSummary, Standing, take_attendance
from cicero_cli.domain.attendance.laphar import render_laphar
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.services.attendance.laphar import load_template

_EVENING = datetime(2026, 11, 21, 14, tzinfo=UTC)
_KEYS = ("Dc5834b3a6a", "Dec02fd829c", "D94d27c1e0d")
_LATE = {"82081007": 0, "77031002": 1}


def report_markdown() -> str:
    """As the group gets it."""
    posts = [
        PostSummary(
            key=key,
            url=f"https://www.instagram.com/p/{key}/",
            published_at=_EVENING.replace(hour=hour),
            listed=195,
            total=197,
            fetched_at=_EVENING,
        )
        for hour, key in enumerate(_KEYS)
    ]
    client = Client(client_id="POLRES_ALFA", nama="Polres Alfa")
    attendance = take_attendance(
        client, date(2026, 11, 21), Platform.INSTA, posts, _read_standings()
    )
    text = render_laphar(load_template(None), client, [attendance], moment=_EVENING)
    return f"```\n{text}```"


def _read_standings() -> list[Standing]:
    sample = files("cicero_cli.standins") / "sample" / "polres_alfa.csv"
    people = DictReader(sample.read_text(encoding="utf-8").splitlines())
    return [
        Standing(
            person["user_id"],
            person["nama"],
            person["title"],
            person["divisi"],
            person["insta"] or None,
            exception=bool(person["exception"]),
            done=_LATE.get(person["user_id"], 3) if person["insta"] else 0,
        )
        for person in people
    ]
