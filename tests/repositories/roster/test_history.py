"""The roster of the day against a slow model that replays everything that ever happened."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count, product
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import TIMEZONES, Client
from cicero_cli.domain.roster.users import User
from cicero_cli.domain.spans import Span
from cicero_cli.errors import NotFoundError
from cicero_cli.repositories.attendance.recap import LikeRow
from cicero_cli.repositories.attendance.sums import DayAsked, SummaryRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.client_spans import ClientSpan
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from cicero_cli.services.attendance.recap import read_recap
from cicero_cli.services.roster.history import set_client_since, set_user_since
from tests.services.fakes import BY, at, comments, likes, set_clock, shown

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
DAYS = [date(2026, 11, 17) + timedelta(days=n) for n in range(7)]
BEGINNING = at("2026-11-19 14:00")
PEOPLE = ("ani", "budi", "citra")
EXAMPLES = int(os.environ.get("CICERO_TEST_EXAMPLES", "10"))  # many more by hand
_numbers = count(1)

_MOVES = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(PEOPLE), st.sampled_from("AB")),
    st.tuples(st.just("status"), st.sampled_from(PEOPLE), st.booleans()),
    st.tuples(st.just("client_id"), st.sampled_from(PEOPLE), st.sampled_from("AB")),
    st.tuples(st.just("insta"), st.sampled_from(PEOPLE), st.sampled_from((*PEOPLE, "x", None))),
    st.tuples(st.just("extra"), st.sampled_from(PEOPLE), st.sampled_from((*PEOPLE, "x", None))),
    st.tuples(st.just("title"), st.sampled_from(PEOPLE), st.sampled_from(("AKP", "IPTU"))),
    st.tuples(st.just("remove"), st.sampled_from(PEOPLE), st.none()),
    st.tuples(st.just("timezone"), st.sampled_from("AB"), st.sampled_from(TIMEZONES)),
    st.tuples(st.just("threshold"), st.sampled_from("AB"), st.sampled_from((0.3, 0.8))),
    st.tuples(
        st.just("leave"), st.sampled_from(PEOPLE), st.tuples(st.integers(0, 6), st.integers(0, 3))
    ),
    st.tuples(
        st.just("status since"),
        st.sampled_from(PEOPLE),
        st.tuples(st.booleans(), st.integers(0, 6)),
    ),
    st.tuples(
        st.just("transfer since"),
        st.sampled_from(PEOPLE),
        st.tuples(st.sampled_from("AB"), st.integers(0, 6)),
    ),
    st.tuples(
        st.just("threshold since"),
        st.sampled_from("AB"),
        st.tuples(st.sampled_from((0.3, 0.8)), st.integers(0, 6)),
    ),
    st.tuples(st.just("like"), st.sampled_from((*PEOPLE, "x")), st.integers(0, 6)),
)
# 14:00 UTC is 23:00 in Jayapura and 21:00 in Jakarta: an hour or two change the day of the one and not of the other
_WAITS = st.sampled_from((timedelta(minutes=1), timedelta(minutes=59), timedelta(hours=21)))


@dataclass
class Model:
    """Everything that happened, in Python."""

    now: datetime = BEGINNING
    zones: dict[str, str] = field(
        default_factory=lambda: {"A": "Asia/Jakarta", "B": "Asia/Jayapura"}
    )
    thresholds: dict[str, float] = field(default_factory=lambda: {"A": 0.5, "B": 0.5})
    users: dict[str, dict] = field(default_factory=dict)
    first_at: dict[str, datetime] = field(default_factory=dict)
    # what each client's roster and threshold are on each day, as known now
    rosters: dict[tuple[str, date], dict] = field(default_factory=lambda: defaultdict(dict))
    settings: dict[tuple[str, date], float] = field(
        default_factory=lambda: defaultdict(lambda: 0.5)
    )
    leave: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    takes: dict[tuple[str, str], list] = field(default_factory=lambda: defaultdict(list))
    was_in: dict[str, set] = field(default_factory=lambda: defaultdict(set))
    had: dict[str, dict] = field(default_factory=lambda: defaultdict(dict))
    likes: dict[tuple[str, date], datetime] = field(default_factory=dict)

    def today(self, client: str) -> date:
        return self.now.astimezone(ZoneInfo(self.zones[client])).date()

    def holder(self, client: str, handle: str | None, *, besides: str) -> str | None:
        """The active one who has it on file, else any."""
        found = [
            name
            for name, user in self.users.items()
            if name != besides and user["client_id"] == client and handle in handles_of(user)
        ]
        return next(iter(sorted(found, key=lambda n: (not self.users[n]["status"], n))), None)

    def may(self, name: str, user: dict) -> bool:
        """Whether no other active user of the client has one of the handles."""
        others = [self.holder(user["client_id"], h, besides=name) for h in handles_of(user)]
        return not (user["status"] and any(self.users[one]["status"] for one in others if one))

    def put(self, name: str, user: dict, before: dict | None) -> None:
        self.users[name] = user
        client = user["client_id"]
        arrives = before is None or before["client_id"] != client
        if arrives:
            first = self.first_at.setdefault(client, self.now)
            if first.astimezone(ZoneInfo(self.zones[client])).date() >= self.today(client):
                for day in DAYS:
                    self.rosters[client, day][name] = dict(user)
        self.was_in[name].add(client)
        self.take_handles(name, user, before, arrives=arrives)

    def take_handles(self, name: str, user: dict, before: dict | None, *, arrives: bool) -> None:
        client, extra = user["client_id"], user["extra"]
        is_back = before is not None and user["status"] and not before["status"]
        if extra and user["insta"] in (None, extra):
            user["extra"] = None
            self.give_back(name, client, extra)
        for handle, old in (
            (user["insta"], before and before["insta"]),
            (user["extra"], user["extra"] and before and before["extra"]),
        ):
            if handle and (arrives or old != handle or is_back):
                self.hold(name, user, handle)
            if before and old and (arrives or old != handle):
                self.give_back(name, before["client_id"], old)
        if arrives:
            for former in self.had[name]:
                if not self.takes[client, former]:
                    self.take(client, former, name)

    def hold(self, name: str, user: dict, handle: str) -> None:
        other = self.holder(user["client_id"], handle, besides=name)
        if user["status"] or not other or not self.users[other]["status"]:
            self.take(user["client_id"], handle, name)
        for past in self.was_in[name] - {user["client_id"]}:
            if not self.takes[past, handle]:
                self.take(past, handle, name)
        self.had[name][handle] = True

    def set_extra(self, name: str, handle: str | None) -> None:
        user = self.users[name]
        old, user["extra"] = user["extra"], handle
        if handle and handle != old:
            self.hold(name, user, handle)
        if old and handle != old:
            self.give_back(name, user["client_id"], old)

    def remove(self, name: str) -> None:
        user = self.users.pop(name)
        for handle in handles_of(user):
            self.give_back(name, user["client_id"], handle)

    def take(self, client: str, handle: str, name: str) -> None:
        taken = self.takes[client, handle]
        if not taken or taken[-1][1] != name:
            taken.append((self.now, name))

    def give_back(self, name: str, client: str, handle: str) -> None:
        other = self.holder(client, handle, besides=name)
        if other:
            self.take(client, handle, other)

    def note(self, name: str, before: dict | None) -> None:
        """A day that a fact was given stays its day, whatever zone the client has later."""
        user = self.users.get(name)
        if user == before:
            return
        for client, day in product("AB", DAYS):
            if day < self.today(client):
                continue
            if user and user["client_id"] == client:
                self.rosters[client, day][name] = dict(user)
            elif before and before["client_id"] == client:
                self.rosters[client, day].pop(name, None)

    def note_threshold(self, client: str) -> None:
        for day in DAYS:
            if day >= self.today(client):
                self.settings[client, day] = self.thresholds[client]

    def past(self, client: str, first_day: date) -> list[date]:
        """The days from this one up to the client's today."""
        return [day for day in DAYS if first_day <= day < self.today(client)]

    def transfer_since(self, name: str, client: str, first_day: date, *, is_new: bool) -> None:
        """Each day since then is the new client's, with what the person was on it elsewhere."""
        for other in set("AB") - {client}:
            for day in self.past(client, first_day):
                # the last of the other's days go up to the client's today
                known = min(day, self.today(other) - timedelta(days=1))
                there = self.rosters[other, known].get(name)
                if there and there["status"]:
                    self.rosters[client, day][name] = {**there, "client_id": client}
            for day in self.past(other, first_day):
                self.rosters[other, day].pop(name, None)
        for day in DAYS:
            if is_new and day < first_day:
                self.rosters[client, day].pop(name, None)

    def owner(self, client: str, handle: str, moment: datetime) -> str | None:
        taken = self.takes[client, handle]
        until = [name for since, name in taken if since <= moment]
        return until[-1] if until else taken[0][1] if taken else None

    def report(self, client: str, day: date) -> dict[str, tuple]:
        roster = self.rosters[client, day]
        done = {
            name: sum(
                asked == day and self.owner(client, handle, moment) == name
                for (handle, asked), moment in self.likes.items()
            )
            for name in roster
        }
        return {
            name: (user["title"], user["insta"], min(done[name], 1), day in self.leave[name])
            for name, user in roster.items()
            if user["status"]
        }


def handles_of(user: dict) -> list[str]:
    return [handle for handle in (user["insta"], user["extra"]) if handle]


class World(NamedTuple):
    store: Store
    platform: Platform
    model: Model
    ids: dict[str, str]
    posts: dict[tuple[str, date], int]
    number: int


def set_up(store: Store, platform: Platform, ids: dict[str, str]) -> dict[tuple[str, date], int]:
    """Both clients with one post on each of the days."""
    posts = {}
    for name, client_id in ids.items():
        zone = "Asia/Jakarta" if name == "A" else "Asia/Jayapura"
        store.clients.add(Client(client_id=client_id, nama=client_id, timezone=zone))
        for day in DAYS:
            key = f"{day}"
            store.posts(platform).store(client_id, [shown(key, f"{day} 04:00")], now=BEGINNING)
            (stored,) = store.posts(platform).list(client_id, first_day=day, last_day=day)
            posts[name, day] = stored.post_id
    return posts


@pytest.mark.parametrize("platform", Platform)
@given(steps=st.lists(st.tuples(_WAITS, _MOVES), min_size=4, max_size=14))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_past_days_say_what_was_on_file_and_as_of_what_was_known(
    platform: Platform, steps: list, store: Store
) -> None:
    number = next(_numbers)
    ids = {name: f"{name}{number}" for name in "AB"}
    store.connection.execute("SELECT set_config('cicero.now', %s, false)", (str(BEGINNING),))
    posts = set_up(store, platform, ids)
    model = Model()
    asked: dict[tuple[str, date, datetime], tuple] = {}
    beginning = [(timedelta(0), ("add", "ani", "A")), (timedelta(0), ("add", "budi", "B"))]
    for wait, (step, one, value) in [*beginning, *steps]:
        model.now += wait + timedelta(seconds=2)
        store.connection.execute("SELECT set_config('cicero.now', %s, false)", (str(model.now),))
        world = World(store, platform, model, ids, posts, number)
        before = dict(model.users[one]) if one in model.users else None
        take_step(world, step, one, value)
        if not step.endswith(" since"):
            model.note(one, before)
        for name in "AB":
            for day in DAYS:
                seen = report(store, platform, ids[name], day, number)
                assert seen == model.report(name, day), (step, one, value, name, day)
                asked[name, day, model.now + timedelta(seconds=1)] = seen
    for name in "AB":
        client = store.clients.get(ids[name])
        assert client is not None
        for day in DAYS:
            of_day = store.clients.of_day(client, day, None)
            assert of_day.threshold == model.settings[name, day]
        readers_agree(store, platform, ids[name], number, {d: model.report(name, d) for d in DAYS})
    for (name, day, moment), seen in asked.items():
        if model.first_at[name] <= moment:
            rows = store.engagement(platform).list_standings_as_of(
                ids[name], day, [posts[name, day]], moment
            )
            assert as_said(rows, number) == seen, (name, day, moment)


def take_step(world: World, step: str, one: str, value: object) -> None:
    store, platform, model, ids, _, number = world
    column = "insta" if platform is INSTA else "tiktok"
    if step in ("timezone", "threshold"):
        store.connection.execute(
            f"UPDATE clients SET {step} = %s WHERE client_id = %s", (value, ids[one])
        )
        if step == "timezone":
            model.zones[one] = value
        elif model.thresholds[one] != value:
            model.thresholds[one] = value
            model.note_threshold(one)
    elif step == "like":
        like(world, one, DAYS[value])
    elif step == "add":
        user = {"client_id": value, "title": None, "insta": one, "extra": None, "status": True}
        if one not in model.users and model.may(one, user):
            added = User(user_id=f"{one}{number}", client_id=ids[value], nama=one, **{column: one})
            assert store.users.add(added)
            model.put(one, user, None)
    elif one in model.users and step == "remove":
        store.users.remove(f"{one}{number}")
        model.remove(one)
    elif step == "leave" or step.endswith(" since"):
        mend(world, step, one, *value)
    elif one in model.users and step == "extra":
        user = model.users[one]
        if user["insta"] and value != user["insta"] and model.may(one, {**user, "extra": value}):
            handles = [value] if value else []
            store.users.set_extra_handles(f"{one}{number}", platform, handles)
            model.set_extra(one, value)
    elif one in model.users:
        before = model.users[one]
        changed = {**before, step: value}
        if changed != before and model.may(one, changed):
            store.connection.execute(
                f'UPDATE "user" SET {column if step == "insta" else step} = %s WHERE user_id = %s',
                (ids[value] if step == "client_id" else value, f"{one}{number}"),
            )
            model.put(one, changed, before)


def like(world: World, handle: str, day: date) -> None:
    platform, model = world.platform, world.model
    for name in "AB":
        people = likes(handle) if platform is INSTA else comments(handle)
        if platform is TIKTOK:
            mine = replace(people.comments[0], created_at=model.now)
            people = replace(people, comments=(mine,))
        world.store.engagement(platform).store(world.posts[name, day], people, now=model.now)
    model.likes.setdefault((handle, day), model.now)


def mend(world: World, step: str, one: str, value: object, day_number: int) -> None:
    """The same change, from a past day on."""
    store, _, model, ids, _, number = world
    day = DAYS[day_number]
    since = {"from_day": f"{day}", "by": BY, "now": model.now}
    if step == "threshold since":
        mend_threshold(world, one, value, day)
        return
    if one not in model.users:
        return
    if step == "leave":
        days = DAYS[value : value + day_number + 1]
        if not model.leave[one].intersection(days):
            store.history.add_leave(f"{one}{number}", days[0], days[-1], "cuti", None)
            model.leave[one].update(days)
        return
    before = model.users[one]
    since |= {"until": None, "was_wrong": False}
    if step == "status since":
        client = before["client_id"]
        changed = {**before, "status": value}
        past = model.past(client, day)
        was_there = all(one in model.rosters[client, d] for d in past)
        if past and was_there and model.may(one, changed):
            set_user_since(store, f"{one}{number}", {"status": value}, **since)
            if changed != before:
                model.put(one, changed, before)
            model.note(one, before)
            for d in past:
                model.rosters[client, d][one]["status"] = value
        return
    changed = {**before, "client_id": value}
    if day <= model.today(value) and model.may(one, changed):
        is_new = value not in model.was_in[one]
        set_user_since(store, f"{one}{number}", {"client_id": ids[value]}, **since)
        if changed != before:
            model.put(one, changed, before)
        model.note(one, before)
        model.transfer_since(one, value, day, is_new=is_new)


def mend_threshold(world: World, one: str, value: object, day: date) -> None:
    model = world.model
    if day >= model.today(one):
        return
    words = {"threshold": value}
    set_client_since(world.store, world.ids[one], words, from_day=f"{day}", by=BY, now=model.now)
    if model.thresholds[one] != value:
        model.thresholds[one] = value
        model.note_threshold(one)
    for past in model.past(one, day):
        model.settings[one, past] = value


def readers_agree(
    store: Store,
    platform: Platform,
    client_id: str,
    number: int,
    days: dict[date, dict[str, tuple]],
) -> None:
    """absensi, lists per post, sums, recap, stats and anev say of each day, and of all of them, what the model says."""
    client = store.clients.get(client_id)
    assert client is not None
    (choice,) = store.recap.choices([client_id], regional_id=None)
    expected: dict[str, list[tuple]] = defaultdict(list)
    for day, model in days.items():
        for name, facts in model.items():
            expected[f"{name}{number}"].append(facts)
        done = {f"{name}{number}": facts[2] for name, facts in model.items()}
        away = {f"{name}{number}" for name, facts in model.items() if facts[3]}
        sudah = {user_id for user_id, posts in done.items() if posts or user_id in away}

        attendance = read_attendance(store, client, platform, Moment(day, None))
        assert {user.user_id for user in attendance.users if user.sudah} == sudah
        summary = SummaryRepository(store.connection, platform).summarise(
            [DayAsked(client_id=client_id, day=day, posts=1, required=1)]
        )
        assert summary.get(client_id, attendance.summary) == attendance.summary
        (stored,) = store.posts(platform).list(client_id, first_day=day, last_day=day)
        doers = store.engagement(platform).list_doers(client_id, day, [stored.post_id], None)
        assert doers.get(stored.post_id, set()) == {user_id for user_id in done if done[user_id]}
        counted = SummaryRepository(store.connection, platform).count_sudah(client_id, {day: 1})
        assert counted.get(day, (0, 0)) == (len(sudah), len(done))

        span = [ClientSpan(choice, Span(day, day))]
        recap = read_recap(store, platform, span)
        # the dashboards show the exempt with all of it
        assert {row.user_id: done_in(row) for row in recap.rows} == {
            **done,
            **dict.fromkeys(away, 1),
        }
        assert store.recap.stats(span).users == len(done)
        anev = {row.user_id: row for row in store.anev.rows(span)}
        assert {user_id: row.likes + row.comments for user_id, row in anev.items()} == done
        assert {user_id for user_id, row in anev.items() if row.exception} == away

    whole = [ClientSpan(choice, Span(DAYS[0], DAYS[-1]))]
    total = {user_id: sum(facts[2] for facts in all_of) for user_id, all_of in expected.items()}
    month = SummaryRepository(store.connection, platform).sum_standings(
        client_id, DAYS[0], DAYS[-1]
    )
    assert {row.user_id: row.done for row in month} == total
    recap = read_recap(store, platform, whole)
    assert {row.user_id for row in recap.rows} == {*total}
    stayed = {user_id for user_id, all_of in expected.items() if not any(of[3] for of in all_of)}
    for row in recap.rows:
        assert row.user_id not in stayed or done_in(row) == total[row.user_id]
    for person in store.anev.rows(whole):
        done_by = person.likes + person.comments
        assert person.user_id not in stayed or done_by == total[person.user_id]


def done_in(row: object) -> int:
    return row.jumlah_like if isinstance(row, LikeRow) else row.jumlah_komentar


def report(
    store: Store, platform: Platform, client_id: str, day: date, number: int
) -> dict[str, tuple]:
    engagement = store.engagement(platform)
    engagement.recount(client_id, day, day)
    return as_said(engagement.list_standings(client_id, day), number)


def as_said(rows: list, number: int) -> dict[str, tuple]:
    return {
        row.user_id.removesuffix(str(number)): (row.title, row.username, row.done, row.exception)
        for row in rows
    }


# What the model leaves out, one by one.

CLIENT = Client(client_id="PAPUA", nama="Polres Papua", timezone="Asia/Jayapura")
ANI = User(user_id="007", client_id="PAPUA", nama="Ani", insta="ani", divisi="SAT LANTAS")
DAY = date(2026, 11, 20)


@pytest.fixture
def papua(store: Store) -> Store:
    """Ani in Papua since the 18th, and a client in Jakarta that has had people since then."""
    set_clock(store, "2026-11-18 03:00")
    store.clients.add(CLIENT)
    store.clients.add(Client(client_id="JAKARTA", nama="Polres Jakarta"))
    store.users.add(ANI)
    store.users.add(User(user_id="008", client_id="JAKARTA", nama="Budi"))
    return store


def on_roster(store: Store, client_id: str, day: date) -> list[str]:
    return sorted(row.nama for row in store.engagement(INSTA).list_standings(client_id, day))


def test_a_transfer_just_before_midnight_holds_from_that_day_on(papua: Store) -> None:
    set_clock(papua, "2026-11-20 14:59:59")  # 23:59:59 in Jayapura, 21:59:59 in Jakarta
    papua.users.update(replace(ANI, client_id="JAKARTA"))

    before = DAY - timedelta(days=1)
    assert [on_roster(papua, "PAPUA", day) for day in (before, DAY)] == [["Ani"], []]
    assert [on_roster(papua, "JAKARTA", day) for day in (before, DAY)] == [
        ["Budi"],
        ["Ani", "Budi"],
    ]


def test_who_is_removed_stays_on_past_days_and_may_come_back(papua: Store) -> None:
    set_clock(papua, "2026-11-20 03:00")
    papua.users.remove("007")
    set_clock(papua, "2026-11-22 03:00")
    papua.users.add(replace(ANI, nama="Ani Lestari"))

    rosters = {day: on_roster(papua, "PAPUA", day) for day in DAYS}
    assert [*rosters.values()] == [["Ani"]] * 3 + [[]] * 2 + [["Ani Lestari"]] * 2


def test_a_renamed_id_takes_its_history_with_it(papua: Store) -> None:
    papua.posts(INSTA).store("PAPUA", [shown("a", "2026-11-19 02:00")], now=BEGINNING)
    (post,) = papua.posts(INSTA).list("PAPUA", first_day=DAYS[2], last_day=DAYS[2])
    papua.engagement(INSTA).store(post.post_id, likes("ani"), now=BEGINNING)
    papua.engagement(INSTA).recount("PAPUA", *DAYS[::6])
    set_clock(papua, "2026-11-22 03:00")

    assert papua.users.rename("007", "1007")

    papua.engagement(INSTA).recount("PAPUA", *DAYS[::6])
    (row,) = papua.engagement(INSTA).list_standings("PAPUA", DAYS[2])
    assert (row.user_id, row.done) == ("1007", 1)
    papua.users.remove("1007")
    assert not papua.users.rename("008", "1007")  # still somebody else's on past days


def test_a_client_that_is_erased_takes_its_history_with_it(papua: Store) -> None:
    papua.users.update(replace(ANI, client_id="JAKARTA"))
    papua.clients.erase("PAPUA")

    left = papua.connection.execute(
        "SELECT client_id FROM user_history UNION SELECT client_id FROM user_handle"
        " UNION SELECT client_id FROM client_history"
    )
    assert left.fetchall() == [("JAKARTA",)]


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_client_that_is_removed_keeps_its_past_and_may_begin_anew(
    papua: Store, *, by_hand: bool
) -> None:
    set_clock(papua, "2026-11-20 03:00")
    if by_hand:
        papua.connection.execute("DELETE FROM clients WHERE client_id = 'PAPUA'")
    else:
        papua.clients.remove("PAPUA")
    papua.clients.remove("PAPUA")  # twice is once

    assert [client.client_id for client in papua.clients.list()] == ["JAKARTA"]
    assert papua.clients.get("PAPUA") is None
    assert papua.clients.get_ended("PAPUA") == replace(CLIENT, client_status=False)
    assert papua.users.get("007") is None
    assert not papua.clients.hold("PAPUA")

    set_clock(papua, "2026-11-22 03:00")
    assert papua.clients.add(replace(CLIENT, threshold=0.8))
    assert not papua.clients.add(CLIENT)
    papua.users.add(ANI)

    rosters = {day: on_roster(papua, "PAPUA", day) for day in DAYS}
    assert [*rosters.values()] == [["Ani"]] * 3 + [[]] * 2 + [["Ani"]] * 2
    thresholds = [papua.clients.of_day(CLIENT, day, None).threshold for day in DAYS]
    assert thresholds == [0.5] * 5 + [0.8] * 2


def test_of_a_client_that_ended_there_are_the_days_before_and_what_was_known_before(
    papua: Store,
) -> None:
    set_clock(papua, "2026-11-20 03:00")
    papua.clients.remove("PAPUA")
    ended = papua.clients.get_ended("PAPUA")
    assert ended is not None

    assert papua.clients.of_day(ended, DAY - timedelta(days=1), None).nama == "Polres Papua"
    assert papua.clients.of_day(ended, DAY, at("2026-11-20 02:59")).nama == "Polres Papua"
    with pytest.raises(NotFoundError, match="client PAPUA ended on 2026-11-20"):
        papua.clients.of_day(ended, DAY, None)


def test_what_is_on_file_as_it_was_writes_no_history(papua: Store) -> None:
    set_clock(papua, "2026-11-22 03:00")
    papua.users.update(ANI)
    papua.users.update(replace(ANI, whatsapp="6281234567890"))

    rows = papua.connection.execute("SELECT count(*) FROM user_history").fetchone()
    assert rows == (2,)


def test_a_handle_that_passes_on_in_the_middle_of_a_day_counts_for_whoever_had_it_then(
    papua: Store,
) -> None:
    papua.users.add(User(user_id="009", client_id="PAPUA", nama="Citra"))
    posts = papua.posts(INSTA)
    posts.store("PAPUA", [shown(key, "2026-11-20 01:00") for key in "ab"], now=BEGINNING)
    first, second = posts.list("PAPUA", first_day=DAY, last_day=DAY)
    papua.engagement(INSTA).store(first.post_id, likes("ani"), now=at("2026-11-20 03:00"))
    set_clock(papua, "2026-11-20 04:00")
    papua.connection.execute("UPDATE \"user\" SET insta = NULL WHERE user_id = '007'")
    papua.connection.execute("UPDATE \"user\" SET insta = 'ani' WHERE user_id = '009'")
    papua.engagement(INSTA).store(second.post_id, likes("ani"), now=at("2026-11-20 05:00"))

    papua.engagement(INSTA).recount("PAPUA", DAY, DAY)
    rows = papua.engagement(INSTA).list_standings("PAPUA", DAY)
    assert {row.nama: row.done for row in rows} == {"Ani": 1, "Citra": 1}


def test_a_client_that_changes_its_zone_moves_no_post_that_was_read(papua: Store) -> None:
    posts = papua.posts(INSTA)
    late = "2026-11-19 15:30"  # 00:30 of the 20th in Jayapura, 22:30 of the 19th in Jakarta
    posts.store("PAPUA", [shown("a", late)], now=BEGINNING)
    set_clock(papua, "2026-11-20 03:00")
    papua.connection.execute(
        "UPDATE clients SET timezone = 'Asia/Jakarta' WHERE client_id = 'PAPUA'"
    )
    posts.store("PAPUA", [shown("a", late), shown("b", late)], now=at("2026-11-20 03:00"))

    found = {
        day.day: [post.post_key for post in posts.list("PAPUA", first_day=day, last_day=day)]
        for day in (DAY - timedelta(days=1), DAY)
    }
    assert found == {19: ["b"], 20: ["a"]}


def test_leave_that_begins_in_the_past_excepts_its_days_and_what_was_said_stays_said(
    papua: Store,
) -> None:
    set_clock(papua, "2026-11-22 03:00")
    before = at("2026-11-22 02:59")
    papua.connection.execute(  # by hand, as whoever has no command for it
        "INSERT INTO user_leave (user_id, first_day, last_day, reason)"
        " VALUES ('007', '2026-11-19', '2026-11-20', 'cuti')"
    )

    engagement = papua.engagement(INSTA)
    now = {day.day: engagement.list_standings("PAPUA", day)[0].exception for day in DAYS}
    (said,) = engagement.list_standings_as_of("PAPUA", DAY, [], before)
    assert [day for day, is_exempt in now.items() if is_exempt] == [19, 20]
    assert not said.exception
