from __future__ import annotations

from dataclasses import replace

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from tests.services.fakes import at, comments, likes, shown

POLRES_A = Client(
    client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_tiktok="polres_a"
)


def test_a_client_is_read_as_it_was_written(store: Store) -> None:
    full = replace(
        POLRES_A,
        client_type="DIREKTORAT",
        client_status=False,
        client_insta_status=False,
        client_tiktok_status=False,
        tiktok_secuid="MS4w",
        client_operator="6281234567890",
        client_super="6281234567891",
        client_group="120363012345678901@g.us",
        timezone="Asia/Jayapura",
        threshold=0.75,
    )

    assert store.clients.add(full)

    assert store.clients.get("POLRES_A") == full
    assert store.clients.get("POLRES_B") is None


def test_an_id_that_is_taken_changes_nothing(store: Store) -> None:
    store.clients.add(POLRES_A)

    assert not store.clients.add(replace(POLRES_A, nama="Polres Lain"))

    assert store.clients.list() == [POLRES_A]


def test_clients_are_listed_by_id_and_the_inactive_left_out_on_request(store: Store) -> None:
    polres_b = Client(client_id="POLRES_B", nama="Polres B", client_status=False)
    store.clients.add(polres_b)
    store.clients.add(POLRES_A)

    assert store.clients.list() == [POLRES_A, polres_b]
    assert store.clients.list(active_only=True) == [POLRES_A]


def test_a_secuid_is_kept_until_the_tiktok_handle_changes(store: Store) -> None:
    store.clients.add(POLRES_A)
    store.clients.remember_secuid("POLRES_A", "MS4w")

    store.clients.update(replace(POLRES_A, nama="Polres Alfa"))
    assert store.clients.get("POLRES_A") == replace(
        POLRES_A, nama="Polres Alfa", tiktok_secuid="MS4w"
    )

    store.clients.update(replace(POLRES_A, client_tiktok="polres.alfa"))
    assert store.clients.get("POLRES_A") == replace(POLRES_A, client_tiktok="polres.alfa")


def test_an_erased_client_leaves_nothing_behind_and_others_alone(store: Store) -> None:
    polres_b = replace(POLRES_A, client_id="POLRES_B")
    for client in (POLRES_A, polres_b):
        fill(store, client)
    kept = count_rows(store)

    store.clients.erase("POLRES_B")
    assert count_rows(store) == {table: rows // 2 for table, rows in kept.items()}
    assert store.clients.list() == [POLRES_A]

    store.clients.remove("POLRES_A")
    store.clients.erase("POLRES_A")  # also when it has ended
    assert count_rows(store) == {}


def fill(store: Store, client: Client) -> None:
    """A row in every table that is about a client."""
    now, day = at("2026-11-21 05:00"), at("2026-11-21 05:00").date()
    store.clients.add(client)
    user = User(user_id=f"1-{client.client_id}", client_id=client.client_id, nama="Budi", insta="a")
    store.users.add(user)
    store.users.update(replace(user, insta="b"))
    for platform in Platform:
        posts, engagement = store.posts(platform), store.engagement(platform)
        posts.store(client.client_id, [shown("one", "2026-11-21 02:00", 1)], now=now)
        posts.remember_listing(client.client_id, day, day, now=now)
        [post] = posts.list(client.client_id, first_day=day, last_day=day)
        people = likes("b") if platform is Platform.INSTA else comments("b")
        engagement.store(post.post_id, people, now=now)
        engagement.recount(client.client_id, day, day)
        engagement.store(post.post_id, people, now=at("2026-11-21 06:00"))
        store.runs.start(client.client_id, platform, now=now)
        store.connection.execute(
            "INSERT INTO stale_day (client_id, platform, day) VALUES (%s, %s, %s)",
            (client.client_id, platform, day),
        )


def count_rows(store: Store) -> dict[str, int]:
    """Of every table that holds any; what is not about clients is left out."""
    tables = store.connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname <> 'schema_migrations' ORDER BY relname"
    ).fetchall()
    counts = {
        table: store.connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0]
        for (table,) in tables
    }
    return {table: rows for table, rows in counts.items() if rows}
