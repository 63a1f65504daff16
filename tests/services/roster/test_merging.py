"""Two users that are one person: the past as it was known, and as it is known now."""

from __future__ import annotations

from datetime import date

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.merging import merge_users
from tests.services.fakes import BY, at, likes, set_clock, shown

DAY = date(2026, 1, 14)
INSTA = Platform.INSTA


def standings(store: Store, as_of: str | None = None) -> list[tuple[str, int]]:
    engagement = store.engagement(INSTA)
    posts = [post.post_id for post in store.posts(INSTA).list("A", first_day=DAY, last_day=DAY)]
    engagement.recount("A", DAY, DAY)
    found = (
        engagement.list_standings("A", DAY)
        if as_of is None
        else engagement.list_standings_as_of("A", DAY, posts, at(as_of))
    )
    return sorted((person.user_id, person.done) for person in found)


def test_now_they_are_one_and_then_they_were_two(store: Store) -> None:
    set_clock(store, "2026-01-01 03:00")
    store.clients.add(Client(client_id="A", nama="A"))
    for user_id, handle in (("1", "ani"), ("2", "budi"), ("99", "ani.baru")):
        store.users.add(User(user_id=user_id, client_id="A", nama=user_id, insta=handle))
    set_clock(store, "2026-01-14 04:00")
    listed = [shown(f"p{n}", f"{DAY} 03:00", 2) for n in range(2)]
    store.posts(INSTA).store("A", listed, now=at(f"{DAY} 04:00"))
    first, second = store.posts(INSTA).list("A", first_day=DAY, last_day=DAY)
    store.engagement(INSTA).store(first.post_id, likes("ani", "budi"), now=at(f"{DAY} 05:00"))
    store.engagement(INSTA).store(second.post_id, likes("ani.baru"), now=at(f"{DAY} 05:00"))
    apart = [("1", 1), ("2", 1), ("99", 1)]
    assert standings(store) == apart

    set_clock(store, "2026-01-20 03:00")
    merge_users(store, "1", "99", by=BY)

    assert standings(store) == [("1", 2), ("2", 1)]
    assert standings(store, "2026-01-19 03:00") == apart
    assert standings(store, "2026-01-20 04:00") == [("1", 2), ("2", 1)]
