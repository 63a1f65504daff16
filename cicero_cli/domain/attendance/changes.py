"""Why a day's figures are no longer those of the report that was sent: every difference has a reason (DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cicero_cli.domain.attendance.absensi import Attendance, Status, UserAttendance
from cicero_cli.domain.attendance.corrections import CorrectablePost
from cicero_cli.words import Text


@dataclass(frozen=True, slots=True)
class Report:
    """What a sent laphar said; `unit_id`: of this unit's people alone."""

    report_id: int
    client_id: str
    unit_id: str | None
    day: date
    scope: str
    slot: str
    made_at: datetime
    attendances: tuple[Attendance, ...]

    @property
    def name(self) -> str:
        """As `--as-of` takes it."""
        return f"laphar:{self.report_id}"


class Fact(NamedTuple):
    """What is on file of somebody for the day, at one client: by what was known then, by what is known now, or by both."""

    user_id: str
    client_id: str
    status: bool
    exception: bool
    leave: str | None
    was_so: bool
    is_so: bool


class Sighting(NamedTuple):
    """When somebody was first seen on a post."""

    user_id: str
    post_id: int
    first_seen_at: datetime
    username: str


class Reason(NamedTuple):
    """`kind` is stable, for scripts; `text` is for people."""

    kind: str
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """One user of whom the report would say something else today; None: does not stand in it."""

    user_id: str
    nama: str
    was: UserAttendance | None
    now: UserAttendance | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the database knows beyond both attendances. Done: by user, the keys of the posts."""

    made_at: datetime
    posts: Sequence[CorrectablePost]
    moved: Mapping[str, date]  # posts that count on another day than then, and on which
    done_then: Mapping[str, frozenset[str]]
    done_now: Mapping[str, frozenset[str]]
    facts: Sequence[Fact]
    sightings: Sequence[Sighting]


def changed_users(
    was: Attendance, now: Attendance
) -> Mapping[str, tuple[UserAttendance | None, UserAttendance | None]]:
    """Those of whom both do not say the same, in the order of the report, who is new after them."""
    then = {user.user_id: user for user in was.users}
    today = {user.user_id: user for user in now.users}
    return {
        user_id: (then.get(user_id), today.get(user_id))
        for user_id in [*then, *(one for one in today if one not in then)]
        if then.get(user_id) != today.get(user_id)
    }


def explain_changes(was: Attendance, now: Attendance, evidence: Evidence) -> list[UserChange]:
    """Each user who changed, with why."""
    about_posts = tuple(_posts(was, now, evidence))
    changes = []
    for user_id, (before, after) in changed_users(was, now).items():
        reasons = _reasons(user_id, (before, after), was, now, evidence)
        if before and after and (before.total, before.done) != (after.total, after.done):
            reasons = [*about_posts, *reasons]
        known = after or before
        changes.append(
            UserChange(
                user_id=user_id,
                nama=known.nama if known else "",
                was=before,
                now=after,
                reasons=tuple(dict.fromkeys(reasons))
                or (Reason("unknown", Text("the history does not say why")),),
            )
        )
    return changes


def _posts(was: Attendance, now: Attendance, evidence: Evidence) -> Iterator[Reason]:
    before, after = {one.key for one in was.posts}, {one.key for one in now.posts}
    known = {one.post_key: one for one in evidence.posts}
    for key in sorted(before - after):
        post = known.get(key)
        if post is not None and post.exclusion is not None:
            yield Reason(
                "post_excluded",
                Text("post {post} is left out: {reason}", post=key, reason=post.exclusion),
            )
        elif key in evidence.moved:
            yield Reason(
                "post_moved",
                Text("post {post} counts on {day} now", post=key, day=evidence.moved[key]),
            )
        else:
            yield Reason("post_deleted", Text("post {post} is gone", post=key))
    excluded = {one.post_key for one in was.corrections if one.user_id is None}
    for key in sorted(after - before):
        if key in excluded:
            yield Reason("post_included", Text("post {post} counts again", post=key))
        elif key in evidence.moved:
            yield Reason("post_moved", Text("post {post} counts on this day now", post=key))
        else:
            yield Reason("post_added", Text("post {post} was read later", post=key))


def _reasons(
    user_id: str,
    pair: tuple[UserAttendance | None, UserAttendance | None],
    was: Attendance,
    now: Attendance,
    evidence: Evidence,
) -> list[Reason]:
    then = [one for one in evidence.facts if one.user_id == user_id and one.was_so]
    today = [one for one in evidence.facts if one.user_id == user_id and one.is_so]
    before, after = pair
    places = [[one.client_id for one in facts if one.status] for facts in (then, today)]
    if before is None or after is None:
        if before is not None:
            return [_left(before, *places, is_known=bool(today))]
        return [_came(after, *places)] if after is not None else []
    reasons = [*_facts(before, after, today)]
    if before.sudah != after.sudah and was.threshold != now.threshold:
        reasons.append(
            Reason(
                "threshold",
                Text("the threshold was {was}, it is {now}", was=was.threshold, now=now.threshold),
            )
        )
    if Status.DIKECUALIKAN not in {before.status, after.status}:
        reasons += _deeds(user_id, was, now, evidence)
        counted = evidence.done_then.get(user_id, frozenset()) & {post.key for post in was.posts}
        if before.done != len(counted):
            why = Text("was read or entered while the report was written")
            reasons.append(Reason("meanwhile", why))
    return reasons


def _came(after: UserAttendance, was: list[str], now: list[str]) -> Reason:
    """Why somebody is on the day's roster who was not; by the clients that had the person then, and that have now."""
    if after.client_id in was:
        return Reason("audience", Text("is of the audience now"))
    left = next((one for one in was if one not in now), None)
    if left is not None:
        return Reason("transferred", Text("came from {client_id}", client_id=left))
    return Reason("added", Text("is on the roster of this day since"))


def _left(before: UserAttendance, was: list[str], now: list[str], *, is_known: bool) -> Reason:
    """The other way round; `is_known`: there is something on file of the person still."""
    if before.client_id in now:
        return Reason("audience", Text("is no longer of the audience"))
    here = next((one for one in now if one not in was), None)
    if here is not None:
        return Reason("transferred", Text("went to {client_id}", client_id=here))
    if is_known:
        return Reason("retired", Text("is no longer on the roster of this day"))
    return Reason("erased", Text("was erased"))


def _facts(before: UserAttendance, after: UserAttendance, today: list[Fact]) -> Iterator[Reason]:
    exempt = Status.DIKECUALIKAN
    if before.client_id != after.client_id:
        yield Reason("transferred", Text("went to {client_id}", client_id=after.client_id))
    if after.status is exempt and before.status is not exempt:
        leave = next((one.leave for one in today if one.leave), None)
        yield (
            Reason("leave", Text("on leave: {reason}", reason=leave))
            if leave
            else Reason("exception", Text("is an exception"))
        )
    if before.status is exempt and after.status is not exempt:
        yield Reason("exception", Text("is no longer on leave or an exception"))
    if before.username != after.username:
        yield Reason(
            "handle",
            Text(
                "the handle was {was}, it is {now}",
                was=f"@{before.username}" if before.username else "-",
                now=f"@{after.username}" if after.username else "-",
            ),
        )
    for name in ("nama", "title", "divisi"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Reason(
                "facts",
                Text("{field} was {was}, it is {now}", field=name, was=old or "-", now=new or "-"),
            )


def _deeds(user_id: str, was: Attendance, now: Attendance, evidence: Evidence) -> Iterator[Reason]:
    then = evidence.done_then.get(user_id, frozenset())
    today = evidence.done_now.get(user_id, frozenset())
    keys = {one.post_id: one.post_key for one in evidence.posts}
    seen = {keys.get(one.post_id): one for one in evidence.sightings if one.user_id == user_id}
    accepted = {one.post_key: one for one in now.corrections if one.user_id == user_id}
    formerly = {one.post_key for one in was.corrections if one.user_id == user_id}
    zone = ZoneInfo(now.timezone)
    for key in sorted(today - then):
        sighting = seen.get(key)
        if key in accepted:
            yield Reason(
                "accepted",
                Text("{post} is accepted: {reason}", post=key, reason=accepted[key].reason),
            )
        elif sighting is not None and sighting.first_seen_at > evidence.made_at:
            yield Reason(
                "late",
                Text(
                    "seen on {post} at {at:%d %b %H:%M %Z}, after the report",
                    post=key,
                    at=sighting.first_seen_at.astimezone(zone),
                ),
            )
        elif sighting is not None:
            yield Reason(
                "handle",
                Text("@{handle} on {post} counts since", handle=sighting.username, post=key),
            )
    for key in sorted(then - today):
        yield (
            Reason("acceptance_ended", Text("{post} is no longer accepted", post=key))
            if key in formerly
            else Reason("handle", Text("the handle seen on {post} no longer counts", post=key))
        )
