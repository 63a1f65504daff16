from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from tests.web.conftest import Api, Serve
from tests.web.people import data, enter_all


@pytest.fixture
def world(serve: Serve) -> Api:
    return enter_all(serve())


def figures(insta: int, tiktok: int, **more: object) -> dict[str, object]:
    return {
        "client_id": "POLRES_WIB",
        "clients": 1,
        "users": 5,
        "igPosts": insta,
        "ttPosts": tiktok,
        "instagramPosts": insta,
        "tiktokPosts": tiktok,
        **more,
    }


def test_todays_posts_are_counted_for_the_tokens_client(world: Api) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the server's own clock says what today is
    post = UpstreamPost(post_key="today", published_at=now)
    old = replace(post, post_key="old", published_at=now - timedelta(days=1))
    world.store.posts(Platform.INSTA).store("POLRES_WIB", [post, old], now=now)

    assert data(world, "/api/dashboard/stats", "wib") == figures(1, 0)
    assert data(world, "/api/dashboard/stats", "admin") == figures(1, 0, clients=3)


def test_other_days_and_clients_are_counted_when_asked_for(world: Api) -> None:
    stats = "/api/dashboard/stats"
    assert data(world, f"{stats}?tanggal=2026-01-15&periode=harian", "wib") == figures(2, 2)
    assert data(world, f"{stats}?tanggal=2026-01&periode=bulanan", "wib") == figures(3, 3)
    assert data(world, f"{stats}?client_id=polres_wita&tanggal=2026-01-15", "region") == figures(
        3, 3, client_id="POLRES_WITA", clients=2
    )
    wide = f"{stats}?scope=Direktorat&tanggal=2026-01-15"
    assert data(world, wide, "region") == figures(5, 5, clients=2, users=10)
    assert data(world, f"{wide}&regional_id=jatim", "admin") == figures(5, 5, clients=3, users=10)
    assert world.get(f"{stats}?client_id=polres_wita", "wib").status_code == 403


@pytest.mark.parametrize(
    "words",
    [
        "periode=",
        "periode=selamanya&tanggal=kemarin",
        "tanggal=2026-02-30",
        "start_date=2026-01-02&end_date=2026-01-01",
        "client_id=&role=%00&scope=%F0%9F&regional_id=%00",
        "periode=harian&periode=x&tanggal=1&tanggal=' OR 1=1; --",
        "scope=DIREKTORAT&regional_id=' OR '1'='1",
        "tanggal=9999-12-31",
    ],
)
def test_odd_parameters_never_blank_the_page(words: str, world: Api) -> None:
    answer = world.get(f"/api/dashboard/stats?{words}", "wib")

    assert answer.status_code == 200, answer.text
    assert (answer.json()["data"]["igPosts"], answer.json()["data"]["ttPosts"]) == (0, 0)


def test_an_admin_of_an_empty_installation_sees_zeros(serve: Serve) -> None:
    world = enter_all(serve())
    world.store.connection.execute("UPDATE sessions SET client_id = NULL")
    for client in world.store.clients.list():
        world.store.clients.remove(client.client_id)

    empty = figures(0, 0, client_id=None, clients=0, users=0)
    assert data(world, "/api/dashboard/stats") == empty
    assert data(world, "/api/users/list") == []
    assert data(world, "/api/insta/rekap-likes") == []


def test_a_client_that_is_no_longer_the_accounts_is_refused(world: Api) -> None:
    world.store.connection.execute(
        "UPDATE account_client SET client_id = 'POLRES_WIT' WHERE client_id = 'POLRES_WIB'"
    )
    for path in (
        "/api/dashboard/stats",
        "/api/users/list",
        "/api/insta/rekap-likes",
        "/api/insta/posts",
    ):
        assert world.get(path, "wib").status_code == 403


def test_the_metadata_names_what_parameters_take(world: Api) -> None:
    assert data(world, "/api/metadata", "wib")["periods"] == ["harian", "mingguan", "bulanan"]


def test_each_clients_day_is_its_own(serve: Serve) -> None:
    """Today began seven, eight or nine hours ago in UTC: a post just after each midnight is today's there alone."""
    world = enter_all(serve())
    now = datetime.now(UTC)  # noqa: TID251 - as above
    for client in world.store.clients.list():
        assert isinstance(client, Client)
        start = now.astimezone(client.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        post = UpstreamPost(post_key="first", published_at=start)
        last = replace(post, post_key="last", published_at=start - timedelta(microseconds=1))
        world.store.posts(Platform.TIKTOK).store(client.client_id, [post, last], now=now)
        found = data(world, f"/api/dashboard/stats?client_id={client.client_id}")
        assert found["ttPosts"] == 1, client.client_id
