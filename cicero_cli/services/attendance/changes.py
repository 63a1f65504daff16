"""`absensi changes`: the figures of a sent report against those of now, and why they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cicero_cli.domain.attendance.absensi import Attendance, UserAttendance
from cicero_cli.domain.attendance.changes import (
    Evidence,
    Report,
    UserChange,
    changed_users,
    explain_changes,
)
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.attendance.units import only_unit
from cicero_cli.domain.periods import day_bounds
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.users import ReminderChoice
from cicero_cli.services.attendance.absensi import Moment, choose_moment, read_attendance

_NAME = "laphar:"
_LONGEST = 19  # of a bigint


@dataclass(frozen=True)
class Changes:
    """One client, day and platform: what was reported, what is so now, and who changed."""

    report: Report
    was: Attendance
    now: Attendance
    users: tuple[UserChange, ...]
    reminders: tuple[ReminderChoice, ...]  # turned off or on that day, on whichever platform


def find_report(
    store: Store, client: Client | None, as_of: str | None, day: str | None
) -> Report | None:
    """The sent report that `--as-of laphar:ID` names; None when it names a moment, or nothing.

    NotFoundError when there is none of this number, or not of the client where one is given; InputError for another day than its own.
    """
    typed = (as_of or "").strip().lower()
    if not typed.startswith(_NAME):
        return None
    number = typed.removeprefix(_NAME)
    report = (
        store.reports.get(int(number)) if number.isdecimal() and len(number) < _LONGEST else None
    )
    if report is None or (client is not None and report.client_id != client.client_id):
        raise NotFoundError(
            "there is no report {name}" if client is None else "{client_id} has no report {name}",
            hint="cicero absensi changes names the reports of a day",
            client_id=client and client.client_id,
            name=typed,
        )
    if day is not None and day != report.day.isoformat():
        raise InputError(
            "--date {day}: {name} is of {of_day}", day=day, name=report.name, of_day=report.day
        )
    return report


def reported_attendance(report: Report, platform: Platform) -> Attendance:
    """What the report said of a platform, to the letter; InputError when it was not about it."""
    for attendance in report.attendances:
        if attendance.platform is platform:
            return attendance
    raise InputError("{name} is not about {platform}", name=report.name, platform=platform)


def list_changes(
    store: Store,
    clients: Sequence[Client],
    *,
    day: str | None,
    as_of: str | None,
    scope: Scope,
    now: datetime,
) -> list[Changes]:
    """Each client's last report of the day, or the one that `as_of` names, per platform against now; who has none is left out."""
    found = []
    for client in clients:
        named = find_report(store, client, as_of, day)
        moment = choose_moment(client, day, None, now=now)
        for platform in scope.platforms:
            report = named or store.reports.last_of(client.client_id, platform, moment.day)
            if report is None or (
                named and all(one.platform is not platform for one in report.attendances)
            ):
                continue
            found.append(_compare(store, client, report, platform))
    if not found:
        raise NotFoundError(
            "no report of that day was sent, so there is nothing to compare",
            hint="reports keep their figures from cicero laphar send on",
        )
    return found


def _compare(store: Store, client: Client, report: Report, platform: Platform) -> Changes:
    ids = {then: now for now, then in store.users.ids_as_of(report.made_at).items()}
    was = reported_attendance(report, platform).with_ids(ids)
    now = read_attendance(store, client, platform, Moment(report.day, None))
    if report.unit_id is not None:
        now = only_unit(now, report.unit_id)
    start, end = day_bounds(report.day, client.zone)
    chosen = tuple(
        one._replace(chosen_at=one.chosen_at.astimezone(client.zone))
        for one in store.users.reminder_choices(client.client_id, start, end)
    )
    user_ids = list(changed_users(was, now))
    if not user_ids:
        return Changes(report, was, now, (), chosen)
    said = {post.key for post in was.posts}
    # a post that counts on a day beside it now stands in the report all the same
    posts = [
        post
        for post in store.corrections.list_posts(
            client.client_id, report.day - timedelta(days=1), report.day + timedelta(days=1)
        )
        if post.platform == platform and (post.day == report.day or post.post_key in said)
    ]
    keys = {post.post_id: post.post_key for post in posts}

    def done(as_of: datetime | None) -> dict[str, frozenset[str]]:
        doers = store.engagement(platform).list_doers(
            client.client_id, report.day, list(keys), as_of
        )
        return {
            user_id: frozenset(
                key for post_id, key in keys.items() if user_id in doers.get(post_id, ())
            )
            for user_id in user_ids
        }

    evidence = Evidence(
        made_at=report.made_at,
        posts=posts,
        moved=store.corrections.moved_posts(client.client_id, platform, report.made_at),
        done_then=done(report.made_at),
        done_now=done(None),
        facts=store.reports.facts_of(user_ids, report.day, report.made_at),
        sightings=store.reports.sightings_of(user_ids, client.client_id, platform, list(keys)),
    )
    return Changes(report, was, now, tuple(explain_changes(was, now, evidence)), chosen)


def changes_document(changes: Changes) -> dict[str, Any]:
    """The JSON of `absensi changes`, one for each client and platform.

    `{client_id, date, platform, report: {id, slot, made_at, unit_id}, summary: {was, now}, posts: {was, now}, threshold: {was, now},
    users: [{user_id, nama, was: {done, total, status, sudah}, now: {…}, reasons: [{reason, text}]}],
    reminders: [{user_id, nama, wants_reminders, at}]}`; `was` or `now` of a user
    is null where the user does not stand in it.
    """
    was, now, report = changes.was, changes.now, changes.report
    return {
        "client_id": was.client_id,
        "date": was.day.isoformat(),
        "platform": was.platform.value,
        "report": {
            "id": report.name,
            "slot": report.slot,
            "made_at": report.made_at.isoformat(),
            "unit_id": report.unit_id,
        },
        "summary": {"was": was.summary._asdict(), "now": now.summary._asdict()},
        "posts": {"was": [post.key for post in was.posts], "now": [post.key for post in now.posts]},
        "threshold": {"was": was.threshold, "now": now.threshold},
        "users": [
            {
                "user_id": one.user_id,
                "nama": one.nama,
                "was": _figures(one.was),
                "now": _figures(one.now),
                "reasons": [{"reason": kind, "text": text} for kind, text in one.reasons],
            }
            for one in changes.users
        ],
        "reminders": [
            {
                "user_id": one.user_id,
                "nama": one.nama,
                "wants_reminders": one.wants_reminders,
                "at": one.chosen_at.isoformat(timespec="seconds"),
            }
            for one in changes.reminders
        ],
    }


def _figures(user: UserAttendance | None) -> dict[str, Any] | None:
    if user is None:
        return None
    return {"done": user.done, "total": user.total, "status": user.status, "sudah": user.sudah}
