"""What a report says in a sentence: what could not be read, and which posts belong to another day."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from cicero_cli.domain.attendance.absensi import Attendance, Coverage, PostSummary
from cicero_cli.domain.attendance.percentages import percent_indonesian
from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.periods import format_day_indonesian, format_time_indonesian, local_day


def late_sentence(attendance: Attendance, *, is_same_day: bool) -> str:
    """That posts of the day were left to the next one; empty when none were."""
    if not attendance.late_posts or attendance.posts_until is None:
        return ""
    until = attendance.posts_until.replace(":", ".")
    other = "besok" if is_same_day else "hari berikutnya"
    return f"{len(attendance.late_posts)} konten setelah pukul {until} masuk laporan {other}."


def evening_of(post: PostSummary | Post, day: date, zone: ZoneInfo) -> str:
    """`Jumat, 20.55 WIB` of a post that the evening before left to this day; else empty."""
    published_on = local_day(post.published_at, zone)
    if published_on >= day:
        return ""
    weekday = format_day_indonesian(published_on).partition(",")[0]
    return f"{weekday}, {format_time_indonesian(post.published_at, zone)}"


def coverage_sentence(coverage: Coverage, action: str) -> str:
    """What could not be read, in one sentence; empty when that is nothing."""
    parts = []
    if coverage.listed < coverage.total:
        share = percent_indonesian(coverage.listed, coverage.total)
        counts = f"{_thousands(coverage.listed)} dari {_thousands(coverage.total)} {action}"
        parts.append(f"data terbaca {share} ({counts})")
    if coverage.unread:
        parts.append(f"{coverage.unread} konten belum terbaca")
    if coverage.unreadable:
        parts.append(f"{coverage.unreadable} konten tidak terbaca")
    if coverage.hidden:
        parts.append(f"jumlah {action} pada {coverage.hidden} konten disembunyikan")
    if not parts:
        return ""
    if not coverage.is_full:
        parts.append("sebagian personel mungkin belum tercatat")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
