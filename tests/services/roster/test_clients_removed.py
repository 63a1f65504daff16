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


@pytest.mark.parametrize("turn", range(6))
def test_a_removal_beside_fetches_leaves_nothing_behind(
    turn: int, store: Store, database: str
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
        while not store.connection.execute("SELECT 1 FROM tiktok_comment").fetchone():
            pass
        remove_client(store, "A", by=BY)
        reasons = {writer.result(timeout=30) for writer in writers}

    assert reasons == {"its client was removed while it was fetched"}
    for table in (
        "insta_like",
        "tiktok_comment",
        "tiktok_comment_text",
        "reading",
        "stale_day",
        "done_by_day",
        "clients",
    ):
        assert store.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
