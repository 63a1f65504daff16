"""Imports of clients taken back: every day as if they never had been, but for what was changed since."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from pathlib import Path

import pytest

from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.client_imports import (
    ClientsUndone,
    list_client_imports,
    undo_client_import,
)
from cicero_cli.services.roster.client_sheets import import_clients
from cicero_cli.services.roster.clients import get_client, remove_client, set_client
from tests.services.fakes import BY, at, set_clock

DAYS = [date(2026, 11, 17) + timedelta(days=n) for n in range(7)]
_numbers = count(1)


def run(store: Store, *rows: str, sync: bool = False) -> int:
    name = f"c{next(_numbers)}.csv"
    Path(name).write_text("\n".join(["kode,nama,ig,ambang,zona,induk,audience", *rows]))
    import_id = import_clients(store, name, by=BY, sync=sync, share=1).import_id
    assert import_id is not None
    return import_id


def undo(store: Store, import_id: int | None = None) -> ClientsUndone:
    return undo_client_import(store, import_id, by=BY)


def days(store: Store, as_of: str | None = None) -> list[object]:
    """What each client was on each day, and who was expected on its posts."""
    moment = None if as_of is None else at(as_of)
    known = [get_client(store, name, may_have_ended=True) for name in ("DIT", "A", "B")]
    found: list[object] = []
    for client in known:
        for day in DAYS:
            then = store.clients.of_day(client, day, moment)
            people = store.audiences.expected(client.client_id, "insta", day, moment)
            facts = (then.nama, then.timezone, then.threshold, then.under, then.audience)
            places = store.audiences.units_of_day(client.client_id, day, moment)
            names = [person.nama for person in people]
            found.append((client.client_id, day.day, facts, names, [*places]))
    return found


@pytest.fixture
def units(store: Store) -> Store:
    """A directorate with two units, each of one person, for a day."""
    set_clock(store, "2026-11-18 03:00")
    store.clients.add(Client(client_id="DIT", nama="Ditbinmas", audience="below"))
    for name in "AB":
        store.clients.add(Client(client_id=name, nama=f"Polres {name}", under="DIT"))
        store.users.add(User(user_id=name, client_id=name, nama=name, insta=name.lower()))
    return store


def test_every_day_is_as_if_the_import_never_had_been(units: Store) -> None:
    before, clients = days(units), units.clients.list()
    set_clock(units, "2026-11-20 03:00")
    run(
        units,
        "DIT,Ditbinmas Baru,dit,0.9,WIT,,own",
        "A,Polres Satu,a,,,C,",
        "C,Polres C,c,,,DIT,below",
        sync=True,
    )  # and B, which is missing, is switched off
    set_clock(units, "2026-11-21 03:00")
    meanwhile = days(units, as_of="2026-11-20 05:00")
    assert days(units) != before

    undone = undo(units)

    assert ([client.client_id for client in undone.gone], undone.kept) == (["C"], [])
    assert days(units) == before
    assert units.clients.list() == clients
    assert days(units, as_of="2026-11-20 05:00") == meanwhile
    (kept,) = list_client_imports(units)
    assert (kept.added, kept.changed, kept.deactivated, kept.undone_by) == (1, 2, 1, BY.name)
    for import_id, error in (
        (kept.import_id, InputError),
        (None, NotFoundError),
        (99, NotFoundError),
    ):
        with pytest.raises(error):
            undo(units, import_id)


def test_what_was_changed_since_stays_and_is_named(units: Store) -> None:
    set_clock(units, "2026-11-19 03:00")
    run(
        units,
        "A,Polres Satu,a,0.9,,-,",
        "C,Polres C,,,,DIT,",
        "D,Polres D,,,,C,",
        "E,Polres E,,,,,",
        "F,Polres F,,,,,",
    )
    set_clock(units, "2026-11-20 03:00")
    set_client(units, "A", {"nama": "Polres Utama"}, by=BY)
    set_client(units, "E", {"threshold": 0.7}, by=BY)
    units.users.add(User(user_id="D", client_id="D", nama="D"))

    undone = undo(units)

    assert [(kept.key, kept.field, str(kept.reason)) for kept in undone.kept] == [
        ("A", "nama", "was changed since, and stays"),
        ("D", "", "is new by this import and has people by now, so stays"),
        ("E", "", "is new by this import and was changed since (threshold), so stays"),
        ("C", "", "is new by this import and has D below it by now, so stays"),
    ]
    assert [client.client_id for client in undone.gone] == ["F"]
    after = get_client(units, "A")
    assert (after.nama, after.threshold, after.under, after.client_insta) == (
        "Polres Utama",
        0.5,
        "DIT",
        None,
    )
    names = [units.clients.of_day(after, day, None).nama for day in DAYS[1:5]]
    assert names == ["Polres A", "Polres A", "Polres Utama", "Polres Utama"]


def test_a_unit_that_has_ended_meanwhile_is_no_unit_above(units: Store) -> None:
    set_clock(units, "2026-11-19 03:00")
    run(units, "A,,,,,-,", "B,,,0.9,,-,")
    remove_client(units, "DIT", by=BY)
    set_clock(units, "2026-11-20 03:00")
    undone = undo(units)
    assert [(kept.key, kept.field, str(kept.reason)) for kept in undone.kept] == [
        ("A", "under", "DIT has ended since, so this stays"),
        ("B", "under", "DIT has ended since, so this stays"),
    ]
    assert get_client(units, "B").threshold == 0.5
