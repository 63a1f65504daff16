"""Who is expected on whose posts: against a slow model, and the cases that it leaves out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from tests.services.fakes import at, likes, set_clock, shown

INSTA = Platform.INSTA
DAYS = [date(2026, 11, 17) + timedelta(days=n) for n in range(6)]
BEGINNING = at("2026-11-18 03:00")
UNITS = ("DIT", "MID", "A", "B")
PEOPLE = {"ani": "A", "budi": "B", "citra": "MID", "dodi": "DIT", "eka": "A"}
_numbers = count(1)

_unit, _person = st.sampled_from(UNITS), st.sampled_from(tuple(PEOPLE))
_MOVES = st.one_of(
    st.tuples(st.just("under"), _unit, st.one_of(st.none(), _unit)),
    st.tuples(st.just("audience"), _unit, st.sampled_from(("own", "below", "own+below"))),
    st.tuples(st.just("audience_divisi"), _unit, st.sampled_from(([], ["SAT BINMAS"]))),
    st.tuples(st.just("client_status"), _unit, st.booleans()),
    st.tuples(st.just("client_id"), _person, _unit),
    st.tuples(st.just("divisi"), _person, st.sampled_from(("Sat. Binmas", "SATBINMAS", None))),
    st.tuples(st.just("status"), _person, st.booleans()),
    st.tuples(st.just("assign"), _person, _unit),
    st.tuples(st.just("end"), _person, _unit),
    st.tuples(st.just("like"), _person, _unit),
)
_WAITS = st.sampled_from((timedelta(minutes=1), timedelta(hours=5), timedelta(hours=21)))


@dataclass
class Model:
    """The facts of this moment, and what each day ended with."""

    now: datetime = BEGINNING
    units: dict[str, dict] = field(
        default_factory=lambda: {
            unit: {"under": None, "audience": "own", "audience_divisi": [], "client_status": True}
            for unit in UNITS
        }
    )
    users: dict[str, dict] = field(
        default_factory=lambda: {
            name: {"client_id": unit, "divisi": None, "status": True}
            for name, unit in PEOPLE.items()
        }
    )
    assigned: set[tuple[str, str]] = field(default_factory=set)
    ended: dict[tuple[str, date], set[str]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return (self.now + timedelta(hours=7)).date()

    def above(self, unit: str) -> list[str]:
        found = []
        while (unit := self.units[unit]["under"]) is not None:
            found.append(unit)
        return found

    def expected(self, posting: str) -> set[str]:
        """The rule, read from DESIGN: one person after the other."""
        facts = self.units[posting]
        wanted = {division_key(divisi) for divisi in facts["audience_divisi"]}
        found = set()
        for name, user in self.users.items():
            unit = user["client_id"]
            is_own = unit == posting and facts["audience"] != "below"
            is_below = (
                facts["audience"] != "own"
                and posting in self.above(unit)
                and self.units[unit]["client_status"]
                and (not wanted or division_key(user["divisi"]) in wanted)
            )
            is_assigned = (name, posting) in self.assigned
            if user["status"] and (is_own or is_below or is_assigned):
                found.add(name)
        return found

    def note(self) -> None:
        for unit in UNITS:
            for day in DAYS:
                if day >= self.today or (unit, day) not in self.ended:
                    self.ended[unit, day] = self.expected(unit)


@given(steps=st.lists(st.tuples(_WAITS, _MOVES), min_size=5, max_size=16))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_who_is_expected_is_what_was_on_file_at_the_end_of_the_day(
    steps: list, store: Store
) -> None:
    tail = next(_numbers)
    posts = set_up(store, tail)
    model = Model()
    model.note()
    liked: set[tuple[str, str]] = set()
    said: dict[tuple[str, date, datetime], dict] = {}
    model.now += timedelta(hours=30)
    for wait, (step, one, value) in steps:
        model.now += wait + timedelta(seconds=2)
        store.connection.execute("SELECT set_config('cicero.now', %s, false)", (str(model.now),))
        take_step(store, model, tail, step=step, one=one, value=value, posts=posts, liked=liked)
        model.note()
        for unit in UNITS:
            for day in DAYS:
                store.engagement(INSTA).recount(f"{unit}{tail}", day, day)
                rows = store.engagement(INSTA).list_standings(f"{unit}{tail}", day)
                assert len({row.user_id for row in rows}) == len(rows)
                seen = {row.user_id.removesuffix(f"-{tail}"): row.done for row in rows}
                is_asked = day == DAYS[2]
                assert seen == {
                    name: int(is_asked and (name, unit) in liked) for name in model.ended[unit, day]
                }, (step, one, value, unit, day)
                said[unit, day, model.now + timedelta(seconds=1)] = seen
    for (unit, day, moment), seen in said.items():
        rows = store.engagement(INSTA).list_standings_as_of(
            f"{unit}{tail}", day, [posts[unit]] if day == DAYS[2] else [], moment
        )
        assert {row.user_id.removesuffix(f"-{tail}"): row.done for row in rows} == seen


def set_up(store: Store, tail: int) -> dict[str, int]:
    """Each unit with its people since the 18th, and one post on the 19th."""
    store.connection.execute("SELECT set_config('cicero.now', %s, false)", (str(BEGINNING),))
    posts = {}
    for unit in UNITS:
        store.clients.add(Client(client_id=f"{unit}{tail}", nama=unit))
        store.posts(INSTA).store(f"{unit}{tail}", [shown("p", "2026-11-19 04:00")], now=BEGINNING)
        (post,) = store.posts(INSTA).list(f"{unit}{tail}", first_day=DAYS[0], last_day=DAYS[-1])
        posts[unit] = post.post_id
    for name, unit in PEOPLE.items():
        store.users.add(
            User(user_id=f"{name}-{tail}", client_id=f"{unit}{tail}", nama=name, insta=name)
        )
    return posts


def take_step(
    store: Store,
    model: Model,
    tail: int,
    *,
    step: str,
    one: str,
    value: object,
    posts: dict[str, int],
    liked: set[tuple[str, str]],
) -> None:
    if step == "like":
        store.engagement(INSTA).store(posts[value], likes(one), now=model.now)
        liked.add((one, value))
    elif step == "assign":
        store.audiences.assign(f"{one}-{tail}", f"{value}{tail}", None, None)
        model.assigned.add((one, value))
    elif step == "end":
        yesterday = model.today - timedelta(days=1)
        store.audiences.end_assignment(f"{one}-{tail}", f"{value}{tail}", yesterday)
        model.assigned.discard((one, value))
    elif one in UNITS:
        if step == "under" and value is not None and one in (value, *model.above(value)):
            client = store.clients.get(f"{one}{tail}")
            with pytest.raises(InputError, match="below itself"), store.transaction():
                store.clients.update(replace(client, under=f"{value}{tail}"))
            return
        stored = f"{value}{tail}" if step == "under" and value else value
        store.connection.execute(
            f"UPDATE clients SET {step} = %s WHERE client_id = %s", (stored, f"{one}{tail}")
        )
        model.units[one][step] = value
    else:
        stored = f"{value}{tail}" if step == "client_id" else value
        store.connection.execute(
            f'UPDATE "user" SET {step} = %s WHERE user_id = %s', (stored, f"{one}-{tail}")
        )
        model.users[one][step] = value


# What the model leaves out.

DAY = date(2026, 11, 20)


@pytest.fixture
def directorate(store: Store) -> Store:
    """DIT over A and B, with two people in A and one in B, since the 18th."""
    set_clock(store, "2026-11-18 03:00")
    store.clients.add(Client(client_id="DIT", nama="Ditbinmas", audience="below"))
    store.clients.add(Client(client_id="A", nama="Polres A", under="DIT"))
    store.clients.add(Client(client_id="B", nama="Polres B", under="DIT"))
    store.users.add(User(user_id="1", client_id="A", nama="Ani", insta="ani"))
    store.users.add(User(user_id="2", client_id="A", nama="Budi", insta="budi"))
    store.users.add(User(user_id="3", client_id="B", nama="Citra", insta="citra"))
    return store


def names(store: Store, client_id: str, day: date = DAY, as_of: datetime | None = None) -> list:
    """Who is expected, by the view or as of a moment."""
    if as_of is not None:
        rows = store.engagement(INSTA).list_standings_as_of(client_id, day, [], as_of)
    else:
        rows = store.engagement(INSTA).list_standings(client_id, day)
    found = [person.nama for person in store.audiences.expected(client_id, "insta", day, as_of)]
    assert sorted(found) == sorted(row.nama for row in rows)
    return sorted(found)


def test_what_is_set_up_on_the_first_day_holds_for_all_days(directorate: Store) -> None:
    assert names(directorate, "DIT", date(2026, 11, 10)) == ["Ani", "Budi", "Citra"]


def test_a_unit_that_comes_later_leaves_the_past_of_the_directorate(directorate: Store) -> None:
    set_clock(directorate, "2026-11-20 03:00")
    directorate.clients.add(Client(client_id="C", nama="Polres C", under="DIT"))
    directorate.users.add(User(user_id="4", client_id="C", nama="Dodi"))

    before = date(2026, 11, 19)
    assert [names(directorate, "DIT", day) for day in (before, DAY)] == [
        ["Ani", "Budi", "Citra"],
        ["Ani", "Budi", "Citra", "Dodi"],
    ]
    assert names(directorate, "C", before) == ["Dodi"]


def test_people_of_a_unit_that_had_none_leave_the_past_of_the_directorate(
    directorate: Store,
) -> None:
    directorate.clients.add(Client(client_id="C", nama="Polres C", under="DIT"))
    set_clock(directorate, "2026-11-20 03:00")
    directorate.users.add(User(user_id="4", client_id="C", nama="Dodi"))

    before = date(2026, 11, 19)
    assert names(directorate, "DIT", before) == ["Ani", "Budi", "Citra"]
    assert names(directorate, "DIT", DAY) == ["Ani", "Budi", "Citra", "Dodi"]
    assert names(directorate, "C", before) == ["Dodi"]


def test_a_unit_taken_out_of_the_tree_stays_on_past_days(directorate: Store) -> None:
    set_clock(directorate, "2026-11-20 03:00")
    client = directorate.clients.get("B")
    directorate.clients.update(replace(client, under=None))

    before = date(2026, 11, 19)
    assert [names(directorate, "DIT", day) for day in (before, DAY)] == [
        ["Ani", "Budi", "Citra"],
        ["Ani", "Budi"],
    ]
    directorate.history.patch_client("B", before, {"under": None})
    assert names(directorate, "DIT", before) == ["Ani", "Budi"]
    assert names(directorate, "DIT", before, at("2026-11-19 10:00")) == ["Ani", "Budi", "Citra"]


def test_whoever_two_units_had_on_one_day_is_asked_once_and_counts_once(
    directorate: Store,
) -> None:
    directorate.clients.add(Client(client_id="C", nama="Polres C", under="DIT"))
    set_clock(directorate, "2026-11-20 03:00")
    directorate.users.update(User(user_id="1", client_id="C", nama="Ani", insta="ani"))
    for client_id in ("DIT", "A"):
        directorate.posts(INSTA).store(client_id, [shown("p", "2026-11-19 04:00")], now=BEGINNING)
    (post,) = directorate.posts(INSTA).list("DIT", first_day=DAYS[0], last_day=DAY)
    directorate.engagement(INSTA).store(post.post_id, likes("ani", "budi"), now=BEGINNING)
    directorate.engagement(INSTA).recount("DIT", DAYS[0], DAY)

    rows = directorate.engagement(INSTA).list_standings("DIT", date(2026, 11, 19))

    # C has had people since today, and so its first ones on all days: above, only A's own count on the day before
    assert sorted((row.nama, row.client_id, row.done) for row in rows) == [
        ("Ani", "A", 1),
        ("Budi", "A", 1),
        ("Citra", "B", 0),
    ]
    assert names(directorate, "C", date(2026, 11, 19)) == ["Ani"]


def test_one_person_may_be_asked_by_two_audiences(directorate: Store) -> None:
    directorate.clients.add(Client(client_id="DIT2", nama="Ditlantas"))
    directorate.audiences.assign("3", "DIT2", None, None)

    assert names(directorate, "DIT") == ["Ani", "Budi", "Citra"]
    assert names(directorate, "DIT2") == ["Citra"]
    assert directorate.audiences.clients_above(["B"], DAY) == ["B", "DIT", "DIT2"]


def test_a_directorate_below_a_directorate_is_seen_through(directorate: Store) -> None:
    directorate.clients.add(Client(client_id="TOP", nama="Polda", audience="own+below"))
    client = directorate.clients.get("DIT")
    directorate.clients.update(replace(client, under="TOP"))
    directorate.users.add(User(user_id="9", client_id="DIT", nama="Staf"))

    assert names(directorate, "TOP") == ["Ani", "Budi", "Citra", "Staf"]
    assert names(directorate, "DIT") == ["Ani", "Budi", "Citra"]


def test_an_inactive_unit_is_asked_nothing_from_that_day_on(directorate: Store) -> None:
    set_clock(directorate, "2026-11-20 03:00")
    client = directorate.clients.get("A")
    directorate.clients.update(replace(client, client_status=False))

    assert names(directorate, "DIT") == ["Citra"]
    assert names(directorate, "DIT", date(2026, 11, 19)) == ["Ani", "Budi", "Citra"]
    assert names(directorate, "A") == ["Ani", "Budi"]


def test_somebody_assigned_is_asked_on_those_days_only_and_leave_holds_there_too(
    directorate: Store,
) -> None:
    directorate.clients.add(Client(client_id="DIT2", nama="Ditlantas", audience="below"))
    directorate.audiences.assign("1", "DIT2", date(2026, 11, 20), date(2026, 11, 21))
    directorate.history.add_leave("1", date(2026, 11, 21), date(2026, 11, 25), "cuti", None)

    days = [date(2026, 11, day) for day in (19, 20, 21, 22)]
    assert [names(directorate, "DIT2", day) for day in days] == [[], ["Ani"], ["Ani"], []]
    (row,) = directorate.engagement(INSTA).list_standings("DIT2", days[2])
    assert (row.exception, row.client_id) == (True, "A")


def test_a_new_id_takes_the_assignments_along(directorate: Store) -> None:
    directorate.clients.add(Client(client_id="DIT2", nama="Ditlantas"))
    directorate.audiences.assign("1", "DIT2", None, None)

    directorate.users.rename("1", "0001")

    assert names(directorate, "DIT2") == ["Ani"]
    assert [one.client_id for one in directorate.audiences.assignments_of("0001")] == ["DIT2"]


def test_a_directorate_in_another_zone_asks_by_its_own_calendar(directorate: Store) -> None:
    client = directorate.clients.get("DIT")
    directorate.clients.update(replace(client, timezone="Asia/Jayapura"))
    set_clock(directorate, "2026-11-20 14:00")  # 23:00 in Jayapura, 21:00 in Jakarta
    directorate.users.add(User(user_id="4", client_id="A", nama="Dodi"))
    directorate.posts(INSTA).store("DIT", [shown("p", "2026-11-20 15:30")], now=BEGINNING)

    (post,) = directorate.posts(INSTA).list("DIT", first_day=DAYS[0], last_day=date(2026, 11, 30))
    assert post.day == date(2026, 11, 21)
    assert names(directorate, "DIT", post.day) == ["Ani", "Budi", "Citra", "Dodi"]
    assert names(directorate, "DIT", date(2026, 11, 19)) == ["Ani", "Budi", "Citra"]


def test_a_circle_is_refused_also_one_of_past_days(directorate: Store) -> None:
    set_clock(directorate, "2026-11-20 03:00")
    with pytest.raises(psycopg.errors.CheckViolation), directorate.transaction():
        directorate.connection.execute("UPDATE clients SET under = 'A' WHERE client_id = 'DIT'")
    client = directorate.clients.get("A")
    directorate.clients.update(replace(client, under=None))
    client = directorate.clients.get("DIT")
    directorate.clients.update(replace(client, under="A"))
    with pytest.raises(InputError, match="below itself"), directorate.transaction():
        directorate.history.patch_client("DIT", date(2026, 11, 19), {"under": "A"})
    assert names(directorate, "DIT", date(2026, 11, 19)) == ["Ani", "Budi", "Citra"]


def test_a_change_in_a_unit_raises_the_version_of_all_above_it(directorate: Store) -> None:
    def version() -> str:
        (row,) = directorate.connection.execute(
            "SELECT changed_by::text FROM data_version WHERE client_id = 'DIT'"
        ).fetchall()
        return row[0]

    seen = [version()]
    user = directorate.users.get("1")
    directorate.users.update(replace(user, title="AKP"))
    seen.append(version())
    client = directorate.clients.get("B")
    directorate.clients.update(replace(client, under=None))
    seen.append(version())
    assert len(set(seen)) == len(seen)


def test_a_new_handle_in_a_unit_counts_on_the_posts_of_all_above_it(directorate: Store) -> None:
    directorate.posts(INSTA).store("DIT", [shown("p", "2026-11-19 04:00")], now=BEGINNING)
    (post,) = directorate.posts(INSTA).list("DIT", first_day=DAYS[0], last_day=DAY)
    directorate.engagement(INSTA).store(post.post_id, likes("citra.baru"), now=BEGINNING)
    directorate.engagement(INSTA).recount("DIT", DAYS[0], DAY)
    user = directorate.users.get("3")
    directorate.users.update(replace(user, insta="citra.baru"))

    directorate.engagement(INSTA).recount("DIT", DAYS[0], DAY)

    rows = directorate.engagement(INSTA).list_standings("DIT", date(2026, 11, 19))
    assert {row.nama: row.done for row in rows} == {"Ani": 0, "Budi": 0, "Citra": 1}
    assert directorate.audiences.counts("DIT", DAY).people == len(rows)
