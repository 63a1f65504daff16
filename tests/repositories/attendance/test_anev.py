from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.client_spans import ClientSpan
from cicero_cli.services.attendance.anev import read_anev
from tests.services.fakes import at, likes, set_clock, shown

ANI = User(user_id="007", client_id="ALFA", nama="Ani", insta="ani", divisi="SAT LANTAS")
FIRST, LAST = date(2026, 11, 18), date(2026, 11, 22)


def post(store: Store, day: str, *people: str) -> None:
    """A post of this day, and who liked it."""
    insta = store.posts(Platform.INSTA)
    insta.store("ALFA", [shown(day, f"2026-11-{day} 02:00")], now=at(f"2026-11-{day} 03:00"))
    local = date(2026, 11, int(day))
    (stored,) = insta.list("ALFA", first_day=local, last_day=local)
    store.engagement(Platform.INSTA).store(
        stored.post_id, likes(*people), now=at(f"2026-11-{day} 03:00")
    )


def alfa(store: Store) -> None:
    """Ani since the 18th; four days with a post, of which she has liked three."""
    set_clock(store, "2026-11-18 01:00")
    store.clients.add(Client(client_id="ALFA", nama="Polres Alfa"))
    store.users.add(ANI)
    for day, people in (("18", ["ani"]), ("19", ["ani"]), ("20", []), ("21", ["ani"])):
        post(store, day, *people)


def test_a_divisions_sums_are_of_the_days_that_people_were_there(store: Store) -> None:
    alfa(store)
    set_clock(store, "2026-11-20 01:00")
    store.users.update(replace(ANI, divisi="BAG OPS"))

    (choice,) = store.recap.choices(["ALFA"], regional_id=None)
    anev = read_anev(store, [ClientSpan(choice, Span(FIRST, LAST))])

    (person,) = json.loads(anev.likes_per_user)
    assert (anev.users, person["divisi"], person["total_likes"]) == (1, "BAG OPS", 3)
    assert (anev.assigned, anev.completed) == (4, 3)
    assert [
        (row["satfung"], row["likes"], row["total_personnel"], row["active_personnel"])
        for row in json.loads(anev.likes_per_satfung)
    ] == [("SAT LANTAS", 2, 1, 1), ("BAG OPS", 1, 1, 1)]


def test_days_of_leave_ask_for_nothing(store: Store) -> None:
    alfa(store)
    store.history.add_leave("007", date(2026, 11, 20), date(2026, 11, 20), "cuti", None)

    (choice,) = store.recap.choices(["ALFA"], regional_id=None)
    span = ClientSpan(choice, Span(FIRST, LAST))
    anev = read_anev(store, [span])

    assert (anev.users, anev.assigned, anev.completed) == (1, 3, 3)
    (row,) = store.anev.rows([span])
    assert (row.insta_posts, row.likes, row.exception) == (3, 3, False)
