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


def test_a_handle_that_others_had_before_or_after_the_twin_stays_theirs_then(store: Store) -> None:
    set_clock(store, "2026-01-01 03:00")
    store.clients.add(Client(client_id="A", nama="A"))
    for user_id, handle in (("1", "ani"), ("2", "h"), ("99", None)):
        store.users.add(User(user_id=user_id, client_id="A", nama=user_id, insta=handle))
    listed = [shown(f"p{n}", f"{DAY} 03:00", 1) for n in range(3)]
    store.posts(INSTA).store("A", listed, now=at(f"{DAY} 03:30"))
    posts = store.posts(INSTA).list("A", first_day=DAY, last_day=DAY)
    # h is 2's, then 99's, then 2's again; it likes a post each time
    for hour, (user_id, post) in enumerate(zip(("2", "99", "2"), posts, strict=True), start=4):
        other = "99" if user_id == "2" else "2"
        set_clock(store, f"{DAY} {hour:02}:00")
        for one, handle in ((other, None), (user_id, "h")):
            store.connection.execute(
                'UPDATE "user" SET insta = %s WHERE user_id = %s', (handle, one)
            )
        now = at(f"{DAY} {hour:02}:30")
        store.engagement(INSTA).store(post.post_id, likes("h"), now=now)
    apart = [("1", 0), ("2", 2), ("99", 1)]
    assert standings(store) == apart

    set_clock(store, "2026-01-20 03:00")
    merge_users(store, "1", "99", by=BY)

    assert standings(store) == [("1", 1), ("2", 2)]
    assert standings(store, "2026-01-19 03:00") == apart
    set_clock(store, "2026-01-21 03:00")
    store.posts(INSTA).store("A", [shown("p3", f"{DAY} 03:00", 1)], now=at("2026-01-21 03:00"))
    late = next(
        post
        for post in store.posts(INSTA).list("A", first_day=DAY, last_day=DAY)
        if post.post_key == "p3"
    )
    store.engagement(INSTA).store(late.post_id, likes("h"), now=at("2026-01-21 03:00"))
    assert standings(store) == [("1", 1), ("2", 3)]
