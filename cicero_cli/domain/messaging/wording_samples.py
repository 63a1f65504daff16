"""A made-up client with its people, posts and days, to try a wording on."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cicero_cli.domain.attendance.absensi import PostSummary, Standing
from cicero_cli.domain.attendance.period_recap import Stretch
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client

DAY = date(2026, 11, 21)
NIGHT = datetime(2026, 11, 21, 14, tzinfo=UTC)
CLIENT = Client(client_id="POLRES_CONTOH", nama="Polres Contoh", posts_until="20:00")
TEAM = (
    Standing("85010001", "Budi Santoso", "AKP", "SAT LANTAS", "budi.s", exception=False, done=2),
    Standing("85010002", "Joko Susilo", "BRIPKA", "SAT LANTAS", "joko", exception=False, done=0),
    Standing("85010003", "Rini", None, None, "rini", exception=False, done=0),
    Standing("85010004", "Adi Nugroho", "KOMPOL", "BAG OPS", None, exception=False, done=0),
    Standing("85010005", "Tono", "AKBP", "BAG OPS", "tono", exception=True, done=0),
)
WEEK = (
    Stretch("85010001", "Budi Santoso", "AKP", "SAT LANTAS", "POLRES_A", 14, 14, 7, 7),
    Stretch("85010002", "Joko Susilo", "BRIPKA", "BAG OPS", "POLRES_B", 3, 14, 1, 7),
    Stretch("85010005", "Tono", "AKBP", "BAG OPS", "POLRES_A", 0, 0, 0, 0),
)
SITUATIONS = (  # who there is, how many posts, whether they were listed
    (TEAM, 2, True),
    (TEAM, 0, True),
    (TEAM, 0, False),
    ((), 2, True),
    (TEAM[:1], 2, True),
    (TEAM[1:4], 2, True),
)


def sample_post(platform: Platform, number: int, *, days_ago: int = 0) -> PostSummary:
    """The day's post of this number, or the like of an evening before."""
    urls = {
        Platform.INSTA: f"https://www.instagram.com/p/K{number}/",
        Platform.TIKTOK: f"https://www.tiktok.com/@polres.contoh/video/730{number}",
    }
    return PostSummary(
        key=f"K{number}",
        url=urls[platform],
        published_at=datetime(2026, 11, 21 - days_ago, 1 + number, 5, tzinfo=UTC),
        listed=90,
        total=100,
        fetched_at=NIGHT,
    )
