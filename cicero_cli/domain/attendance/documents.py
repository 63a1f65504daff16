"""An attendance as JSON."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from cicero_cli.domain.attendance.absensi import Attendance, UserAttendance
from cicero_cli.domain.attendance.corrections import correction_documents
from cicero_cli.domain.attendance.units import sum_up_units


def attendance_document(attendance: Attendance, *, per_unit: bool = False) -> dict[str, Any]:
    """The JSON of `absensi show`: fields may be added, never renamed.

    `{client_id, date, timezone, platform, threshold, required, posts: [{id, url, published_at, listed, total}],
    users: [{user_id, nama, title, divisi, username, done, total, status, sudah}],
    summary: {users, posts, sudah, lengkap, kurang, belum, tanpa_username, dikecualikan},
    is_listed, coverage: {listed, total, hidden, unread, unreadable, share}}`; `published_at` is ISO 8601 with the client's offset.
    Where people of other units are expected, each user has a `client_id`, and there are
    `units: [{client_id, nama, users, sudah, belum, tanpa_username, dikecualikan, share}]`; `per_unit`: those, and no users.
    `day_off` says why the day is off, else null; `late_posts` were published after `posts_until` and count on the next day. Where somebody decided what no list can prove: `accepted: [{user_id, post, reason, made_at, made_by}]` and `excluded: [{post, …}]`.
    """
    zone = ZoneInfo(attendance.timezone)
    coverage = attendance.coverage
    has_units = attendance.units is not None
    fields = UserAttendance._fields if has_units else UserAttendance._fields[:-1]
    return {
        "client_id": attendance.client_id,
        "date": attendance.day.isoformat(),
        "timezone": attendance.timezone,
        "platform": attendance.platform.value,
        "threshold": attendance.threshold,
        "required": attendance.required,
        "posts": [
            {
                "id": post.key,
                "url": post.url,
                "published_at": post.published_at.astimezone(zone).isoformat(),
                "listed": post.listed,
                "total": post.total,
            }
            for post in attendance.posts
        ],
        **(
            {}
            if per_unit
            else {"users": [dict(zip(fields, user, strict=False)) for user in attendance.users]}
        ),
        "summary": attendance.summary._asdict(),
        "is_listed": attendance.is_listed,
        "day_off": attendance.day_off,
        "posts_until": attendance.posts_until,
        "late_posts": [
            {
                "id": post.key,
                "url": post.url,
                "published_at": post.published_at.astimezone(zone).isoformat(),
            }
            for post in attendance.late_posts
        ],
        "coverage": {
            "listed": coverage.listed,
            "total": coverage.total,
            "hidden": coverage.hidden,
            "unread": coverage.unread,
            "unreadable": coverage.unreadable,
            "share": coverage.share,
        },
        **correction_documents(attendance.corrections),
        **(
            {"units": [unit._asdict() for unit in sum_up_units(attendance)]}
            if has_units or per_unit
            else {}
        ),
    }
