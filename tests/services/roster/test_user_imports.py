"""Imports taken back: figures as if they never had been, against a twin client that never saw them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import CiceroError, InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.imported import Imported
from cicero_cli.services.roster.sheets import import_users
from cicero_cli.services.roster.user_imports import list_imports, undo_import
from cicero_cli.services.roster.users import remove_user, set_user
from tests.services.fakes import BY, at, likes, set_clock, shown

INSTA = Platform.INSTA
DAYS = [date(2026, 11, 17) + timedelta(days=n) for n in range(8)]
BEGINNING = at("2026-11-18 03:00")
TITLES, IMPORTED_TITLES, LATER_TITLES = ("AKP", "IPTU"), ("AIPDA", "BRIPKA"), ("KOMPOL", "AKBP")
_numbers = count(1)


def write(*rows: str, heading: str = "nrp,nama,pangkat,instagram,status") -> str:
    name = f"{next(_numbers)}.csv"
    Path(name).write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return name


def run(store: Store, source: str, client: str = "A", **how: Any) -> Imported:
    return import_users(store, client, source, by=BY, **how)


def figures(store: Store, client: str, as_of: str | None = None) -> list[object]:
    """What each day's report says of each person, the ids without the client's letter, and without the client."""
    engagement = store.engagement(INSTA)
    engagement.recount(client, DAYS[0], DAYS[-1])
    found: list[object] = []
    for day in DAYS:
        posts = [p.post_id for p in store.posts(INSTA).list(client, first_day=day, last_day=day)]
        rows = (
            engagement.list_standings(client, day)
            if as_of is None
            else engagement.list_standings_as_of(client, day, posts, at(as_of))
        )
        found.append(
            (day, sorted(row._replace(user_id=row.user_id[1:], client_id="") for row in rows))
        )
    return found


@pytest.fixture
def twins(store: Store) -> Store:
    """Two clients with the same people, posts and likes."""
    set_clock(store, "2026-11-18 03:00")
    for client in "AB":
        store.clients.add(Client(client_id=client, nama="Twin"))
        for number, name in enumerate(("ani", "budi")):
            store.users.add(
                User(
                    user_id=f"{client}{number}", client_id=client, nama=name.title(),
                    title="AKP", insta=name,
                )
            )  # fmt: skip
        for day in DAYS:
            key = f"{client}{day:%d}"
            store.posts(INSTA).store(client, [shown(key, f"{day} 02:00")], now=BEGINNING)
            (post,) = store.posts(INSTA).list(client, first_day=day, last_day=day)
            names = ("ani", "budi", "x", "y", "z")
            store.engagement(INSTA).store(post.post_id, likes(*names[: day.day % 6]), now=BEGINNING)
    return store


def test_an_import_taken_back_leaves_figures_as_if_it_never_had_been(twins: Store) -> None:
    before = figures(twins, "A")
    set_clock(twins, "2026-11-19 03:00")
    imported = run(twins, write("A0,Ani,IPTU,x,aktif", "A1,Budi,AKP,,pensiun", "A2,Citra,,y,"))
    set_clock(twins, "2026-11-21 03:00")
    assert figures(twins, "A") != before

    undone = undo_import(twins, imported.import_id, None, by=BY)

    assert [user.nama for user in undone.gone] == ["Citra"]
    assert [after for _, after in undone.restored] == twins.users.list(["A"])
    assert undone.kept == []
    assert figures(twins, "A") == before == figures(twins, "B")


def test_what_was_reported_meanwhile_can_still_be_told(twins: Store) -> None:
    set_clock(twins, "2026-11-19 03:00")
    run(twins, write("A0,Ani,IPTU,x,aktif", "A1,Budi,AKP,,pensiun", "A2,Citra,,y,"))
    meanwhile = figures(twins, "A", as_of="2026-11-20 03:00")
    set_clock(twins, "2026-11-21 03:00")
    undo_import(twins, None, "a", by=BY)
    assert figures(twins, "A", as_of="2026-11-20 03:00") == meanwhile


def test_a_first_sheet_that_was_wrong_does_not_begin_the_roster(store: Store) -> None:
    store.clients.add(Client(client_id="A", nama="A"))
    set_clock(store, "2026-11-18 03:00")
    run(store, write("A8,Wrong,,,", "A9,Sheet,,,"))
    set_clock(store, "2026-11-19 03:00")
    undo_import(store, None, "A", by=BY)
    run(store, write("A1,Right,,,"))
    assert [row.nama for row in store.engagement(INSTA).list_standings("A", DAYS[0])] == ["Right"]


def test_the_same_sheet_after_it_was_taken_back_is_imported_anew(twins: Store) -> None:
    source = write("A0,Ani,IPTU,x,aktif", "A2,Citra,,y,")
    for day in ("19", "20"):
        set_clock(twins, f"2026-11-{day} 03:00")
        imported = run(twins, source)
        assert imported.written == 2
        undo_import(twins, imported.import_id, "A", by=BY)
    assert figures(twins, "A") == figures(twins, "B")
    assert run(twins, source).written == 2


def test_imports_are_taken_back_one_by_one_from_the_last(twins: Store) -> None:
    first = run(twins, write("A0,Ani,IPTU,,"))
    second = run(twins, write("A0,Ani,KOMPOL,,"))
    assert [one.import_id for one in list_imports(twins, ["a"])] == [
        second.import_id,
        first.import_id,
    ]
    for title in ("IPTU", "AKP"):
        undo_import(twins, None, "A", by=BY)
        assert twins.users.list(["A"])[0].title == title
    with pytest.raises(NotFoundError, match="A has no import to take back"):
        undo_import(twins, None, "A", by=BY)
    with pytest.raises(InputError, match="was taken back already"):
        undo_import(twins, first.import_id, None, by=BY)
    assert {one.undone_by for one in list_imports(twins, None)} == {BY.name}


def test_a_dry_run_of_taking_back_changes_nothing(twins: Store) -> None:
    run(twins, write("A0,Ani,IPTU,x,", "A2,Citra,,y,"))
    before = twins.users.list(["A"])
    undone = undo_import(twins, None, "A", by=BY, dry_run=True)
    assert (len(undone.gone), len(undone.restored)) == (1, 1)
    assert twins.users.list(["A"]) == before
    assert list_imports(twins, ["A"])[0].undone_at is None


def test_an_import_that_changes_nothing_is_none(twins: Store) -> None:
    assert run(twins, write("A0,Ani,AKP,ani,aktif")).import_id is None
    assert list_imports(twins, ["A"]) == []


def test_a_persons_new_id_does_not_hide_the_person(twins: Store) -> None:
    run(twins, write("A0,Ani,IPTU,,"))
    set_user(twins, "A0", {"user_id": "A7"}, by=BY)
    undo_import(twins, None, "A", by=BY)
    user = twins.users.get("A7")
    assert user is not None
    assert user.title == "AKP"


def test_reminders_refused_by_the_sheet_are_allowed_again(twins: Store) -> None:
    heading = "nrp,nama,wa_opt_in"
    run(twins, write("A0,Ani,tidak", "A1,Budi,tidak", heading=heading))
    set_user(twins, "A1", {"title": "IPTU"}, by=BY)
    undone = undo_import(twins, None, "A", by=BY)
    assert [user.wa_opt_in for user in twins.users.list(["A"])] == [True, False]
    assert [kept.field for kept in undone.kept] == ["wa_opt_in"]


@pytest.fixture
def neighbours(twins: Store) -> Store:
    """Beside the twins two more: from C people come to A, and D never sees it."""
    for client in "CD":
        twins.clients.add(Client(client_id=client, nama="Neighbour"))
        for number, name in enumerate(("citra", "dewi")):
            twins.users.add(
                User(user_id=f"{client}{number}", client_id=client, nama=name.title(), insta=name)
            )
        for day in DAYS:
            key = f"{client}{day:%d}"
            twins.posts(INSTA).store(client, [shown(key, f"{day} 02:00")], now=BEGINNING)
            (post,) = twins.posts(INSTA).list(client, first_day=day, last_day=day)
            names = ("citra", "dewi", "y")
            twins.engagement(INSTA).store(post.post_id, likes(*names[: day.day % 4]), now=BEGINNING)
    return twins


def test_who_comes_from_another_client_keeps_the_past_there(neighbours: Store) -> None:
    store, before = neighbours, figures(neighbours, "C")
    set_clock(store, "2026-11-20 03:00")
    sheet = write("C0,,IPTU,y,", "A0,Ani,,,")
    refused = run(store, sheet, skip_bad=True)
    assert (refused.diff.foreign, refused.written) == (["C0"], 0)
    came = run(store, sheet, transfer=True)
    assert [change.user.user_id for change in came.diff.coming] == ["C0"]
    citra = store.users.get("C0")
    assert citra is not None
    assert (citra.client_id, citra.nama, citra.title, citra.insta) == ("A", "Citra", "IPTU", "y")
    past = DAYS.index(date(2026, 11, 20))
    after = figures(store, "C")
    assert after[:past] == before[:past]
    assert [len(rows) for _, rows in after[past:]] == [1] * (len(DAYS) - past)
    assert [len(rows) for _, rows in figures(store, "A")] == [2] * past + [3] * (len(DAYS) - past)
    assert run(store, sheet, transfer=True).written == 0


def test_a_transfer_taken_back_leaves_figures_of_both_as_if_it_never_had_been(
    neighbours: Store,
) -> None:
    store = neighbours
    set_clock(store, "2026-11-20 03:00")
    came = run(
        store, write("C0,,IPTU,y,", "C1,,,,pensiun", "A0,Ani,,,pensiun"), transfer=True, sync=True
    )
    assert came.too_many is False
    meanwhile = [figures(store, client, as_of="2026-11-21 03:00") for client in "AC"]
    set_clock(store, "2026-11-22 03:00")
    assert figures(store, "C") != figures(store, "D")
    undone = undo_import(store, came.import_id, None, by=BY)
    assert (undone.kept, undone.gone) == ([], [])
    assert {user.user_id: user.client_id for _, user in undone.restored} == {
        "A0": "A", "A1": "A", "C0": "C", "C1": "C",
    }  # fmt: skip
    assert figures(store, "A") == figures(store, "B")
    assert figures(store, "C") == figures(store, "D")
    assert [figures(store, client, as_of="2026-11-21 03:00") for client in "AC"] == meanwhile


def test_who_came_and_was_changed_since_stays(neighbours: Store) -> None:
    store = neighbours
    run(store, write("C0,,IPTU,,", "C1,,,,"), transfer=True)
    set_user(store, "C0", {"title": "KOMPOL"}, by=BY)
    store.users.add(User(user_id="C7", client_id="C", nama="Other", insta="dewi"))
    undone = undo_import(store, None, "A", by=BY)
    assert [(kept.key, kept.field) for kept in undone.kept] == [("C0", ""), ("C1", "insta")]
    found = {user.user_id: (user.client_id, user.insta) for user in store.users.list(["A", "C"])}
    assert (found["C0"], found["C1"]) == (("A", "citra"), ("C", None))


def _cell(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(("", "-", *values))


def test_who_was_removed_and_came_back_by_an_import_keeps_the_days_before_it(twins: Store) -> None:
    set_clock(twins, "2026-11-20 03:00")
    remove_user(twins, "A0", by=BY)
    before = figures(twins, "A")
    set_clock(twins, "2026-11-22 03:00")
    run(twins, write("A0,Ani,BRIPKA,ani,aktif"))

    undo_import(twins, None, "A", by=BY)

    assert figures(twins, "A") == before


_SHEET_ROW = st.tuples(
    st.sampled_from("0123"),
    _cell(IMPORTED_TITLES),
    _cell(("ani", "budi", "x", "y")),
    st.sampled_from(("", "aktif", "pensiun")),
)
_LATER = st.one_of(
    st.tuples(st.just("title"), st.sampled_from("01"), st.sampled_from(LATER_TITLES)),
    st.tuples(st.just("divisi"), st.sampled_from("01"), st.sampled_from(("SI UM", "SAT LANTAS"))),
    st.tuples(st.just("insta"), st.sampled_from("01"), st.sampled_from(("z", "later"))),
    st.tuples(st.just("exception"), st.sampled_from("01"), st.booleans()),
    st.tuples(st.just("remove"), st.sampled_from("01"), st.none()),
)
_WAIT = st.sampled_from((timedelta(minutes=5), timedelta(hours=22)))


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(_SHEET_ROW, min_size=1, max_size=4, unique_by=lambda row: row[0]),
    later=st.lists(st.tuples(_LATER, _WAIT), max_size=4),
)
def test_figures_are_those_of_a_twin_that_never_saw_the_import(
    twins: Store, rows: list[tuple[str, ...]], later: list[tuple[Any, timedelta]]
) -> None:
    with twins.rehearsal():
        moment = at("2026-11-19 03:00")
        set_clock(twins, f"{moment:%F %T}")
        names = dict(zip("0123", ("Ani", "Budi", "Citra", "Dewi"), strict=True))
        sheet = [
            f"A{who},{names[who]},{rank},{handle},{status}" for who, rank, handle, status in rows
        ]
        imported = run(twins, write(*sheet), skip_bad=True)
        for (what, who, value), wait in later:
            moment += wait
            set_clock(twins, f"{moment:%F %T}")
            _change_both(twins, what, who, value)
        meanwhile = figures(twins, "A", as_of=f"{moment:%F %T}")
        set_clock(twins, f"{moment + timedelta(hours=20):%F %T}")
        if imported.import_id is not None:
            undo_import(twins, imported.import_id, None, by=BY)
        assert figures(twins, "A") == figures(twins, "B")
        assert figures(twins, "A", as_of=f"{moment:%F %T}") == meanwhile


def _change_both(store: Store, what: str, who: str, value: object) -> None:
    """A change by hand at both twins, or at neither."""
    try:
        with store.transaction():
            for client in "AB":
                if what == "remove":
                    remove_user(store, f"{client}{who}", by=BY)
                else:
                    set_user(store, f"{client}{who}", {what: value}, by=BY)
    except CiceroError:
        pass
