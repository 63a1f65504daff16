"""A slow model of a directorate and its units: everything that was done to them, kept in Python, one day after the other.

It is told of each move that was done (`World.move`), and says what reports and reminders are to say. What a day was like
on file stands in `roster` and `client_days`, as it is known now.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from cicero_cli.domain.attendance.absensi import Status, Summary, UserAttendance, summarise
from tests.services.attendance.moves import BEGINNING, DAYS, PEOPLE, UNITS
from tests.services.fakes import at

CALENDAR = [date(2026, 11, 10) + timedelta(days=n) for n in range(50)]
Facts = dict[str, Any]


@dataclass
class Post:
    """`seen`: by handle the moments at which it counts: when a like was first seen, when each comment was written."""

    key: str
    published_at: datetime
    is_gone: bool = False
    is_excluded: bool = False
    seen: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_counted(self) -> bool:
        return not (self.is_gone or self.is_excluded)


@dataclass
class Expected:
    """What is to be said of one client's day."""

    posts: list[str]
    late: list[str]
    threshold: float
    required: int
    timezone: str
    users: dict[str, UserAttendance]
    units: dict[str, str] | None
    corrections: set[tuple[str, str | None]]

    @property
    def summary(self) -> Summary:
        return summarise([*self.users.values()], posts=len(self.posts))

    def of_unit(self, unit: str) -> Expected:
        users = {name: user for name, user in self.users.items() if user.client_id == unit}
        return replace(self, users=users, units=None)


class Model:
    def __init__(self, *, is_insta: bool) -> None:
        self.is_insta = is_insta
        self.now = BEGINNING
        self.clients: dict[str, Facts] = {
            unit: {
                "timezone": zone,
                "threshold": 0.5,
                "posts_until": None,
                "under": None if unit == "DIT" else "DIT",
                "active": True,
                "audience": "below" if unit == "DIT" else "own",
                "audience_divisi": (),
            }
            for unit, zone in UNITS.items()
        }
        self.client_days = {
            (unit, day): dict(facts) for unit, facts in self.clients.items() for day in CALENDAR
        }
        self.users: dict[str, Facts] = {}
        self.roster: dict[tuple[str, date], dict[str, Facts]] = defaultdict(dict)
        self.places: dict[str, list[str]] = defaultdict(list)  # in the order of arrival
        self.leave: dict[str, list[list[date]]] = defaultdict(list)
        self.takes: dict[tuple[str, str], list[tuple[datetime, str]]] = defaultdict(list)
        self.assigned: dict[str, set[tuple[str, date]]] = defaultdict(set)
        self.ever_assigned: dict[str, set[str]] = defaultdict(set)
        self.accepted: set[tuple[str, str, str]] = set()
        self.posts: dict[tuple[str, date], list[Post]] = {
            (unit, day): [Post(f"{day:%d}-1", at(f"{day} 01:00"))] for unit in UNITS for day in DAYS
        }
        self.imports: list[tuple[str, str, Any]] = []
        self.since_import: set[str] = set()
        self.is_lost = False  # nothing is said any more
        for name, unit in PEOPLE.items():
            user = {
                "unit": unit, "nama": name.title(), "title": None, "divisi": "SAT BINMAS",
                "handle": name, "extra": [], "exception": False, "status": True, "has_number": True,
            }  # fmt: skip
            self._put(name, user)
            for day in CALENDAR:
                self.roster[unit, day][name] = dict(user)

    def today(self, unit: str) -> date:
        return self.now.astimezone(ZoneInfo(self.clients[unit]["timezone"])).date()

    def tell(self, now: datetime, kind: str, words: tuple[Any, ...]) -> None:
        """A move that was done."""
        self.now = now
        if kind != "undo import":
            self.since_import.add(kind)
        getattr(self, f"_{kind.removesuffix(' since').replace(' ', '_')}", self._set)(
            *([kind, *words] if kind.removesuffix(" since") in _SET else words)
        )

    # what is said

    def report(self, unit: str, day: date) -> Expected:
        facts = self.client_days[unit, day]
        posts = [post for post in self.posts.get((unit, day), []) if post.is_counted]
        required = max(1, ceil(facts["threshold"] * len(posts))) if posts else 0
        found = {}
        for name, place in self.expected(unit, day).items():
            user = self.roster[place, day][name]
            done = len(self.done(name, unit, day))
            if user["exception"] or self.is_away(name, day):
                done, status = len(posts), Status.DIKECUALIKAN
            elif not user["handle"] and not done:
                status = Status.TANPA_USERNAME
            elif done == len(posts):
                status = Status.LENGKAP
            else:
                status = Status.KURANG if done else Status.BELUM
            found[name] = UserAttendance(
                name, user["nama"], user["title"], user["divisi"], user["handle"] or None,
                done, len(posts), status, done >= required, place,
            )  # fmt: skip
        units = None
        if facts["audience"] != "own" or any(user.client_id != unit for user in found.values()):
            units = {user.client_id for user in found.values()} | self.units(unit, day)
        return Expected(
            posts=[post.key for post in posts],
            late=self.late_posts(unit, day),
            threshold=facts["threshold"],
            required=required,
            timezone=facts["timezone"],
            users=found,
            units=None if units is None else {one: f"Polres {one}" for one in units},
            corrections={
                (key, name)
                for name, of, key in self.accepted
                if of == unit and key in {post.key for post in self.posts.get((unit, day), [])}
            }
            | {(post.key, None) for post in self.posts.get((unit, day), []) if post.is_excluded},
        )

    def late_posts(self, unit: str, day: date) -> list[str]:
        """Published on the day, and counted on the next."""
        facts = self.client_days[unit, day]
        zone = ZoneInfo(facts["timezone"])
        return [
            post.key
            for post in self.posts.get((unit, day + timedelta(days=1)), [])
            if facts["posts_until"] is not None
            and post.is_counted
            and post.published_at.astimezone(zone).date() == day
        ]

    def reminders(self, unit: str) -> dict[str, dict[str, set[str]]]:
        """Of whose posts the unit's own people have which left today."""
        day = self.today(unit)
        found: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for asking in UNITS:
            if not self.clients[asking]["active"]:
                continue
            posts = {post.key for post in self.posts.get((asking, day), []) if post.is_counted}
            has_unit = unit in self.units(asking, day)
            for name, place in self.expected(asking, day).items():
                user, then = self.users.get(name), self.roster[place, day][name]
                is_asked = has_unit or (asking, day) in self.assigned[name]
                if user is None or user["unit"] != unit or not (user["status"] and is_asked):
                    continue
                exempt = then["exception"] or user["exception"] or self.is_away(name, day)
                left = posts - self.done(name, asking, day)
                if left and user["has_number"] and user["handle"] and not exempt:
                    found[name][asking] = left
        return found

    def units(self, unit: str, day: date) -> set[str]:
        """Of which clients' rosters the audience is made."""
        facts = self.client_days[unit, day]
        below = {
            one
            for one in UNITS
            if self.client_days[one, day]["under"] == unit and self.client_days[one, day]["active"]
        }
        return ({unit} if facts["audience"] != "below" else set()) | (
            below if facts["audience"] != "own" else set()
        )

    def expected(self, unit: str, day: date) -> dict[str, str]:
        """Everybody who is asked on a client's day, and as one of which client."""
        facts = self.client_days[unit, day]
        found = {}
        for place in sorted(self.units(unit, day)):
            for name, user in self.roster[place, day].items():
                is_alone = facts["audience"] == "own"
                divisions = () if place == unit else facts["audience_divisi"]
                if (
                    user["status"]
                    and (is_alone or place == self.place(name, day))
                    and (not divisions or user["divisi"] in divisions)
                ):
                    found[name] = place
        for name in [*self.assigned]:
            place = self.place(name, day)
            if (unit, day) in self.assigned[name] and place is not None:
                found.setdefault(name, place)
        return found

    def place(self, name: str, day: date) -> str | None:
        """Of the clients that have somebody on a day, the one that had the person first."""
        for unit in self.places[name]:
            user = self.roster[unit, day].get(name)
            if user is not None and user["status"]:
                return unit
        return None

    def is_away(self, name: str, day: date) -> bool:
        return any(first <= day <= last for first, last in self.leave[name])

    def done(self, name: str, unit: str, day: date) -> set[str]:
        """The posts that somebody's handles have done, or that were accepted."""
        is_wide = unit == "DIT" or name in self.ever_assigned[unit]
        places = ["A", "B"] if is_wide else [unit]
        return {
            post.key
            for post in self.posts.get((unit, day), [])
            if post.is_counted
            and (
                (name, unit, post.key) in self.accepted
                or any(
                    self.owner(place, handle, moment) == name
                    for place in places
                    for handle, moments in post.seen.items()
                    for moment in moments
                )
            )
        }

    def owner(self, unit: str, handle: str, moment: datetime) -> str | None:
        taken = self.takes[unit, handle]
        until = [name for since, name in taken if since <= moment]
        return until[-1] if until else taken[0][1] if taken else None

    # users

    def _put(self, name: str, user: Facts, extra: list[str] | None = None) -> None:
        """What is on file of somebody from now on: the facts of today and later, and whose the handles are."""
        before = self.users.get(name)
        unit = user["unit"]
        self.users[name] = user
        if unit not in self.places[name]:
            self.places[name].append(unit)
        self._keep(name, before)
        self._take_handles(name, before)
        if extra is not None:
            self._set_extra(name, extra)

    def _keep(self, name: str, before: Facts | None) -> None:
        user = self.users.get(name)
        for day in CALENDAR:
            if before and (user is None or user["unit"] != before["unit"]):
                there = self.roster[before["unit"], day].get(name)
                if there and day >= self.today(before["unit"]):
                    there["status"] = False
            if user is not None and user != before and day >= self.today(user["unit"]):
                self.roster[user["unit"], day][name] = dict(user)

    def _take_handles(self, name: str, before: Facts | None) -> None:
        user = self.users[name]
        unit = user["unit"]
        arrives = before is None or before["unit"] != unit
        is_back = before is not None and user["status"] and not before["status"]
        if (
            before is not None
            and not arrives
            and not is_back
            and ((before["handle"], before["status"]) == (user["handle"], user["status"]))
        ):
            return
        if before is not None:
            for handle in [one for one in user["extra"] if user["handle"] in (one, "", None)]:
                user["extra"] = [one for one in user["extra"] if one != handle]
                self._give_back(name, unit, handle)
        pairs = [(user["handle"], before and before["handle"])]
        pairs += [(one, one) for one in sorted(user["extra"])]
        for handle, old in pairs:
            if handle and (arrives or old != handle or is_back):
                self._hold(name, handle)
            if before and old and (arrives or old != handle):
                self._give_back(name, before["unit"], old)
        if arrives:
            for (place, handle), taken in [*self.takes.items()]:
                was_own = place != unit and any(holder == name for _, holder in taken)
                if was_own and not self.takes[unit, handle]:
                    self._take(unit, handle, name)

    def _set_extra(self, name: str, handles: list[str]) -> None:
        user = self.users[name]
        old = user["extra"]
        user["extra"] = list(handles)
        for handle in old:
            if handle not in handles:
                self._give_back(name, user["unit"], handle)
        for handle in handles:
            if handle not in old:
                self._hold(name, handle)

    def _hold(self, name: str, handle: str) -> None:
        user = self.users[name]
        other = self._holder(user["unit"], handle, besides=name)
        if user["status"] or not other or not self.users[other]["status"]:
            self._take(user["unit"], handle, name)
        for place in self.places[name]:
            if place != user["unit"] and not self.takes[place, handle]:
                self._take(place, handle, name)

    def _holder(self, unit: str, handle: str, *, besides: str) -> str | None:
        """The active one who has it on file, else any."""
        found = [
            (not user["status"], name)
            for name, user in self.users.items()
            if name != besides
            and user["unit"] == unit
            and handle in (user["handle"], *user["extra"])
        ]
        return min(found)[1] if found else None

    def _take(self, unit: str, handle: str, name: str) -> None:
        taken = self.takes[unit, handle]
        if not taken or taken[-1][1] != name:
            self.takes[unit, handle] = [one for one in taken if one[0] != self.now]
            self.takes[unit, handle].append((self.now, name))

    def _give_back(self, name: str, unit: str, handle: str) -> None:
        other = self._holder(unit, handle, besides=name)
        if other:
            self._take(unit, handle, other)

    def _disown(self, name: str, handles: set[str]) -> None:
        """They never were the user's."""
        for (unit, handle), taken in [*self.takes.items()]:
            if handle in handles:
                self.takes[unit, handle] = [one for one in taken if one[1] != name]

    # moves, by their kind

    def _set(self, kind: str, name: str, value: Any, since: int | None = None) -> None:
        column = kind.removesuffix(" since")
        if name in UNITS:
            self._set_client(column, name, value if value != "" else None, since)
            if column == "posts_until" and since is not None:
                self._redate(name, DAYS[since])
            return
        self._put(name, {**self.users[name], column: value})
        if since is not None:
            self._patch(name, column, value, DAYS[since])

    def _set_client(self, column: str, unit: str, value: Any, since: int | None) -> None:
        first_day = self.today(unit)
        self.clients[unit][column] = value
        first_day = min(first_day, self.today(unit)) if since is None else DAYS[since]
        for day in CALENDAR:
            if day >= first_day:
                self.client_days[unit, day][column] = value

    def _patch(self, name: str, column: str, value: Any, first_day: date) -> None:
        """The days from this one up to today; who is put on the roster has days before the first known one."""
        unit = self.users[name]["unit"]
        known = [day for day in CALENDAR if name in self.roster[unit, day]]
        for day in CALENDAR:
            if not first_day <= day < self.today(unit):
                continue
            if day < known[0] and (column, value) == ("status", True):
                self.roster[unit, day][name] = {**self.users[name]}
            elif day >= known[0]:
                self.roster[unit, day][name][column] = value

    def _add(self, name: str, unit: str, handle: str, title: str | None = None) -> None:
        self._put(
            name,
            {
                "unit": unit, "nama": name.title(), "title": title, "divisi": None, "handle": handle,
                "extra": [], "exception": False, "status": True, "has_number": False,
            },
        )  # fmt: skip

    def _remove(self, name: str) -> None:
        user = self.users.pop(name)
        self._keep(name, user)
        for handle in (user["handle"], *user["extra"]):
            if handle:
                self._give_back(name, user["unit"], handle)

    def _transfer(self, name: str, unit: str, since: int | None = None) -> None:
        is_new = unit not in self.places[name]
        self._put(name, {**self.users[name], "unit": unit})
        if since is None:
            return
        first_day, other = DAYS[since], "B" if unit == "A" else "A"
        known = [day for day in CALENDAR if name in self.roster[unit, day]]
        for day in CALENDAR:
            if first_day <= day < known[0]:
                self.roster[unit, day][name] = {**self.users[name], "status": False}
            if is_new and day < first_day and name in self.roster[unit, day]:
                self.roster[unit, day][name]["status"] = False
        before = deepcopy({day: self.roster[other, day].get(name) for day in CALENDAR})
        for day in CALENDAR:
            there = before[min(day, self.today(other) - timedelta(days=1))]
            if first_day <= day < self.today(unit) and there and there["status"]:
                self.roster[unit, day][name] = {**there, "unit": unit}
            if first_day <= day < self.today(other) and before[day]:
                self.roster[other, day][name]["status"] = False

    def _handle(self, name: str, handle: str) -> None:
        self._put(name, {**self.users[name], "handle": handle})

    def _handles(self, name: str, *handles: str) -> None:
        main, *others = dict.fromkeys(one for one in handles if one) or [""]
        self._put(name, {**self.users[name], "handle": main}, others)

    def _was_wrong(self, name: str, handle: str) -> None:
        user = self.users[name]
        had = {user["handle"], *user["extra"]} - {""}
        self._handle(name, handle)
        user = self.users[name]
        wrong = had - {user["handle"], *user["extra"]}
        self._disown(name, wrong)
        for day in CALENDAR:
            for unit in UNITS:
                there = self.roster[unit, day].get(name)
                if there and there["handle"] in wrong:
                    there["handle"] = user["handle"]

    def _leave(self, name: str, first: int, last: int) -> None:
        self.leave[name].append([DAYS[first], DAYS[last]])

    def _leave_ends(self, name: str, last: int) -> None:
        for days in self.leave[name]:
            if days[0] <= DAYS[last] <= days[1]:
                days[1] = DAYS[last]

    def _merge(self, name: str, twin: str) -> None:
        user, other = self.users[name], self.users[twin]
        self.accepted |= {(name, *post) for who, *post in self.accepted if who == twin}
        self.accepted = {one for one in self.accepted if one[0] != twin}
        for first, last in self.leave[twin]:
            if not any(a <= last and b >= first for a, b in self.leave[name]):
                self.leave[name].append([first, last])
        theirs = self.assigned.pop(twin, set())
        self.assigned[name] |= theirs
        for unit, _ in theirs:
            self.ever_assigned[unit].add(name)
        for place, taken in self.takes.items():
            self.takes[place] = [(since, name if who == twin else who) for since, who in taken]
        self._remove(twin)
        for unit in UNITS:
            for day in CALENDAR:
                if twin in self.roster[unit, day]:
                    self.roster[unit, day][twin]["status"] = False
        handles = [user["handle"], *user["extra"], other["handle"], *other["extra"]]
        main, *extra = dict.fromkeys(one for one in handles if one) or [""]
        self._put(
            name,
            {
                **user,
                "handle": main,
                "status": user["status"] or other["status"],
                "has_number": user["has_number"] or other["has_number"],
                **{one: user[one] or other[one] for one in ("title", "divisi")},
            },
            extra,
        )

    def _assign(self, name: str, unit: str, since: int | None) -> None:
        first_day = self.today(unit) if since is None else DAYS[since]
        self.assigned[name] |= {(unit, day) for day in CALENDAR if day >= first_day}
        self.ever_assigned[unit].add(name)

    def _assignment_ends(self, name: str, unit: str, last: int) -> None:
        self.assigned[name] -= {(unit, day) for day in CALENDAR if day > DAYS[last]}

    def _import(self, unit: str, name: str, title: str, handle: str, _: bool) -> None:  # noqa: FBT001 - a move's words
        kept = (self.users.get(name), self.roster, self.takes)
        self.imports.append((unit, name, deepcopy(kept)))
        self.since_import.clear()
        if name not in self.users:
            self._add(name, unit, handle, title)
            return
        user = self.users[name]
        status = user["status"] or user["unit"] != unit
        changed = {**user, "unit": unit, "title": title, "status": status}
        self._put(name, {**changed, "handle": handle or user["handle"]})

    def _undo_import(self, unit: str) -> None:
        """As if it never had been; what was changed since stays, which is not modelled."""
        of, name, (user, roster, takes) = (
            self.imports.pop() if self.imports else ("", "", (0, 0, 0))
        )
        if of != unit or self.since_import - _READ:
            self.is_lost = True
            return
        for place in [*self.takes]:
            self.takes[place] = takes.get(place, [])
        for day in CALENDAR:
            for place in UNITS:
                if name in self.roster[place, day]:
                    there = roster[place, day].get(name)
                    self.roster[place, day][name] = there or {"status": False}
        if user is None:
            del self.users[name]
        else:
            self.users[name] = user

    # what is read, and decided about it

    def _like(self, unit: str, day: int, handle: str, is_second: bool) -> None:  # noqa: FBT001 - a move's words
        posts = [post for post in self.posts[unit, DAYS[day]] if post.is_counted]
        seen = posts[-1 if is_second else 0].seen[handle]
        if not (self.is_insta and seen):
            seen.append(self.now)

    def _post(self, unit: str, day: int) -> None:
        self._show(unit, Post(f"{DAYS[day]:%d}-2", at(f"{DAYS[day]} 02:00")))

    def _late_post(self, unit: str, day: int) -> None:
        self._show(unit, Post(f"{DAYS[day]:%d}-3", at(f"{DAYS[day]} 15:30")))

    def _show(self, unit: str, post: Post) -> None:
        if not any(
            one.key == post.key
            for (place, _), posts in self.posts.items()
            for one in posts
            if place == unit
        ):
            self._put_post(unit, post, self.clients[unit]["timezone"])

    def _put_post(self, unit: str, post: Post, zone: str) -> None:
        local = post.published_at.astimezone(ZoneInfo(zone))
        until = self.client_days[unit, local.date()]["posts_until"]
        is_late = until is not None and f"{local:%H:%M}" > until
        posts = self.posts.setdefault((unit, local.date() + timedelta(days=is_late)), [])
        posts.append(post)
        posts.sort(key=lambda one: one.published_at)

    def _redate(self, unit: str, first_day: date) -> None:
        """Each by the zone of the day that it had, if it was published since then."""
        for (place, day), posts in [*self.posts.items()]:
            zone = self.client_days[unit, day]["timezone"]
            for post in [*posts]:
                published_on = post.published_at.astimezone(ZoneInfo(zone)).date()
                if place == unit and min(day, published_on) >= first_day:
                    posts.remove(post)
                    self._put_post(unit, post, zone)

    def _first(self, unit: str, day: int) -> Post:
        key = f"{DAYS[day]:%d}-1"
        return next(post for post in self.posts[unit, DAYS[day]] if post.key == key)

    def _gone(self, unit: str, day: int) -> None:
        self._first(unit, day).is_gone = True

    def _exclude(self, unit: str, day: int, undo: bool) -> None:  # noqa: FBT001 - a move's words
        self._first(unit, day).is_excluded = not undo

    def _accept(self, name: str, unit: str, day: int, undo: bool) -> None:  # noqa: FBT001 - a move's words
        one = {(name, unit, f"{DAYS[day]:%d}-1")}
        self.accepted = self.accepted - one if undo else self.accepted | one

    def _report(self) -> None:
        pass


_READ = {"like", "post", "late post", "gone", "exclude", "report"}
_SET = {
    "status", "exception", "title", "divisi", "threshold", "timezone", "under", "active", "audience",
    "audience_divisi", "posts_until",
}  # fmt: skip
