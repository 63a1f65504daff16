"""Made-up accounts with posts, and the people who engaged with them: the same ones for the same seed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from cicero_cli.domain.platforms import Platform

_PINNED_AT = datetime(2021, 5, 17, 3, 0, tzinfo=UTC)
_WITHOUT_CAPTION, _HIDING_LIKES, _COLLABORATION = 2, 3, 4  # among every five posts
_NAMES = ("adi", "bayu", "citra", "dewi", "eka", "fajar", "gita", "hadi", "indah", "joko")
_PLACES = ("bukit", "danau", "kota", "lembah", "pantai", "pasar", "sawah", "taman", "teluk")
_SUBJECTS = (
    "Apel pagi di halaman",
    "Pelayanan keliling akhir pekan",
    "Patroli malam bersama warga",
    "Penyuluhan keselamatan di sekolah",
    "Kerja bakti di tepi sungai",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInPost:
    """A post, and the handles of those who liked it (Instagram) or commented on it (TikTok).

    `unlisted` more are counted but never listed. A collaboration's `authors` name its first author, then the others.
    """

    key: str
    published_at: datetime
    people: tuple[str, ...] = ()
    unlisted: int = 0
    caption: str | None = None
    is_pinned: bool = False
    hides_likes: bool = False
    authors: tuple[str, ...] = ()
    has_metrics: bool = False  # counts in `metrics` instead of at top level


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInAccount:
    """An account and its posts, in any order. After a new name, TikTok's `secuid` stays what it was.

    `former` names lead to its profile, which says the new one.
    """

    platform: Platform
    username: str
    posts: tuple[StandInPost, ...] = ()
    is_private: bool = False
    former: tuple[str, ...] = ()
    secuid: str = ""
    followers: int = 12_345
    following: int = 67
    biography: str = "Melayani warga sepenuh hati"

    def __post_init__(self) -> None:
        if not self.secuid:
            object.__setattr__(self, "secuid", f"MS4wLjABAAAA{digest(self.username)}")


def plan_account(
    platform: Platform,
    username: str,
    *,
    now: datetime,
    posts_a_day: int = 3,
    days: int = 2,
    strangers: int = 40,
    chosen: Sequence[Sequence[str]] = (),
    zone: str = "Asia/Jakarta",
    seed: int = 0,
) -> StandInAccount:
    """An account that has posted `posts_a_day` times on each of the last `days` days of `zone`, today's before `now`.

    `chosen[0]` are people who engaged with the newest post, `chosen[1]` with the one before, and so on; `strangers`
    more did with each. Every fifth post is a collaboration, every fifth has no caption, and on Instagram every fifth
    hides its likes. Above all stands one pinned in 2021.
    """
    times = _posting_times(now, ZoneInfo(zone), posts_a_day, days)
    posts = [
        StandInPost(
            key=_post_key(platform, f"{seed}/{username}/{published_at.date()}/{number}"),
            published_at=published_at,
            people=(
                *(chosen[number] if number < len(chosen) else ()),
                *pick_strangers(strangers, start=number * 37 + len(username), seed=seed),
            ),
            unlisted=strangers // 90,
            caption=None if number % 5 == _WITHOUT_CAPTION else _SUBJECTS[number % len(_SUBJECTS)],
            hides_likes=platform is Platform.INSTA and number % 5 == _HIDING_LIKES,
            authors=("mitra.kegiatan", username) if number % 5 == _COLLABORATION else (),
        )
        for number, published_at in enumerate(times)
    ]
    pinned = StandInPost(
        key=_post_key(platform, f"{seed}/{username}/pinned"),
        published_at=_PINNED_AT,
        people=pick_strangers(min(strangers, 20), start=0, seed=seed),
        caption="Selamat datang",
        is_pinned=True,
    )
    return StandInAccount(platform=platform, username=username, posts=(pinned, *posts))


def pick_strangers(count: int, *, start: int, seed: int = 0) -> tuple[str, ...]:
    """`count` different handles of a crowd that all posts share, beginning with its member number `start`."""
    return tuple(_stranger(number, seed) for number in range(start, start + count))


def digest(text: str) -> str:
    """32 hexadecimal digits that depend on `text` alone."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@cache
def _stranger(number: int, seed: int) -> str:
    name, place = _NAMES[number % len(_NAMES)], _PLACES[(number + seed) % len(_PLACES)]
    return f"{name}.{place}{number}"


def _posting_times(now: datetime, zone: ZoneInfo, posts_a_day: int, days: int) -> list[datetime]:
    """Evenly over each day, the newest first."""
    today = now.astimezone(zone).date()
    times = []
    for back in range(days):
        start = datetime.combine(today - timedelta(days=back), time(), zone)
        end = datetime.combine(today - timedelta(days=back - 1), time(), zone)
        gap = (min(end, now) - start) / (posts_a_day + 1)
        times += [start + gap * number for number in range(posts_a_day, 0, -1)]
    return [moment.astimezone(UTC).replace(microsecond=0) for moment in times]


def _post_key(platform: Platform, text: str) -> str:
    """A shortcode of 11 characters, or a video id of 19 digits."""
    if platform is Platform.INSTA:
        return f"D{digest(text)[:10]}"
    return f"75{int(digest(text), 16) % 10**17:017d}"
