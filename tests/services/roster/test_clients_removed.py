"""A client is removed while others write what is its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import UnstorableError
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.roster.clients import remove_client
from tests.services.fakes import BY, at, comments, likes, shown

NOON = at("2026-11-21 12:00")
DAY = date(2026, 11, 21)


def write_until_removed(conninfo: str, platform: Platform) -> str:
    """Store people of one post after another, and count; gives why it could not go on."""
    with connect(conninfo, hint="") as connection:
        store = Store(connection)
        ids = {post.post_key: post.post_id for post in posts_of(store, platform)}
        engagement = store.engagement(platform)
        for turn in range(10_000):
            people = likes if platform is Platform.INSTA else comments
            try:
                engagement.store(ids[f"p{turn % len(ids)}"], people(f"u{turn}", "ani"), now=NOON)
            except UnstorableError as error:
                return str(error)
            engagement.recount("A", DAY, DAY)
    return "never"


def posts_of(store: Store, platform: Platform) -> list:
    return store.posts(platform).list("A", first_day=DAY - timedelta(days=1), last_day=DAY)


@pytest.mark.parametrize("turn", range(3))
@pytest.mark.parametrize("erase", [True, False])
def test_a_removal_ends_the_fetches_beside_it_and_keeps_the_past_or_nothing(
    *, erase: bool, turn: int, store: Store, database: str
) -> None:
    store.clients.add(Client(client_id="A", nama="A", client_insta="a", client_tiktok="a"))
    store.users.add(User(user_id="1", client_id="A", nama="Ani", insta="ani", tiktok="ani"))
    for platform in Platform:
        listed = [shown(f"p{number}", "2026-11-21 02:00", 1) for number in range(4)]
        store.posts(platform).store("A", listed, now=NOON)

    with ThreadPoolExecutor(3) as pool:
        writers = [
            pool.submit(write_until_removed, database, platform)
            for platform in (Platform.INSTA, Platform.INSTA, Platform.TIKTOK)
        ]
        every_post = "SELECT count(DISTINCT (platform, post_id)) FROM reading"
        while store.connection.execute(every_post).fetchone() != (8,):
            pass
        remove_client(store, "A", by=BY, erase=erase)
        reasons = {writer.result(timeout=30) for writer in writers}

    assert reasons == {"its client was removed while it was fetched"}
    kept = {
        table
        for table in ("insta_like", "tiktok_comment", "tiktok_comment_text", "reading", "clients")
        if store.connection.execute(f"SELECT FROM {table} LIMIT 1").rowcount
    }
    if erase:
        assert kept == set()
        for table in ("stale_day", "done_by_day"):
            assert store.connection.execute(f"SELECT FROM {table}").rowcount == 0, table
    else:
        assert len(kept) == 5
        twice = store.connection.execute(
            "SELECT FROM engagement_at WHERE platform = 'insta'"
            " GROUP BY post_id, username HAVING count(*) > 1"
        )
        assert twice.rowcount == 0  # though two wrote the same people of one post at once
        for platform in Platform:
            store.engagement(platform).recount("A", DAY, DAY)
            (ani,) = store.engagement(platform).list_standings("A", DAY)
            assert (ani.user_id, ani.done) == ("1", 4)
