from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cicero_cli.domain.access.actors import Actor
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.guessing import SlowDownError, refuse_slowed
from cicero_cli.services.access.log_in import LoginRefusedError, log_in_with_password
from cicero_cli.services.access.own_password import change_password
from cicero_cli.services.access.refusals import note_refusal
from tests.services.access.test_log_in import HOME, NOW, World, world
from tests.services.fakes import BY

__all__ = ["world"]


def test_who_guesses_at_a_name_is_not_in_the_way_of_its_owners_browser(world: World) -> None:
    """Neither from elsewhere nor from the same address."""
    for number in range(5):
        world.guess("budi", address=f"198.51.100.{number}")
    world.fail_from("203.0.113.5")
    password = world.secrets.password or ""
    with pytest.raises(SlowDownError):
        world.log_in(address="203.0.113.7")

    session = log_in_with_password(
        world.store, "budi", password, address="203.0.113.5", now=NOW, device="laptop"
    )
    assert world.is_good(session)


def test_a_known_browser_is_no_free_way_to_guess(world: World) -> None:
    def guess() -> None:
        log_in_with_password(world.store, "budi", "x", address=HOME, now=NOW, device="laptop")

    for _ in range(5):
        with pytest.raises(LoginRefusedError):
            guess()
    with pytest.raises(SlowDownError):
        guess()
    assert world.is_good(world.log_in())  # and not in the way of another one


def test_who_knows_a_name_does_not_keep_its_owner_from_another_password(world: World) -> None:
    for number in range(5):
        world.guess("budi", address=f"198.51.100.{number}")
    world.fail_from(HOME)

    change_password(
        world.store, world.secrets.password or "", "kuda baterai 7", by=replace(BY, name="budi")
    )


def test_who_has_to_wait_hears_so_before_standing_in_line(world: World) -> None:
    by = Actor("(unknown name)", NOW, HOME)
    refuse_slowed(world.store, "name:budi", apart=None, by=by)
    for _ in range(5):
        world.guess("budi", address="198.51.100.1")
    with pytest.raises(SlowDownError):
        refuse_slowed(world.store, "name:budi", apart=None, by=by)
    refuse_slowed(world.store, "name:budi", apart="device:laptop", by=by)
    refuse_slowed(
        world.store, "name:budi", apart=None, by=replace(by, at=NOW + timedelta(minutes=20))
    )
    world.fail_from(HOME)
    with pytest.raises(SlowDownError):
        refuse_slowed(world.store, None, apart=None, by=by)


def test_who_is_turned_away_is_counted_and_the_first_are_named(world: World) -> None:
    for _ in range(5):
        world.guess("budi", address=HOME)
    with pytest.raises(SlowDownError):
        world.log_in()

    assert world.store.refusals.sum(since=NOW - timedelta(days=1)) == {
        "login.failed": 5,
        "login.slowed": 1,
    }
    assert [entry.action for entry in world.store.audit.list(limit=6)] == [
        "login.slowed",
        *["login.failed"] * 5,
    ]


def test_a_flood_of_refusals_does_not_fill_the_log(store: Store) -> None:
    store.connection.execute(
        "INSERT INTO refusals (hour, kind, refused) VALUES (date_trunc('hour', %s), 'login.failed', 998)",
        [NOW],
    )
    for _ in range(4):
        note_refusal(store, "login.failed", BY)

    assert store.refusals.sum(since=NOW) == {"login.failed": 1002}
    assert [entry.details for entry in store.audit.list(limit=9)] == [{"more": "only counted"}, {}]


def test_names_that_are_tried_once_do_not_pile_up(store: Store) -> None:
    for number in range(20):
        store.logins.begin(f"name:who{number}", free=5, now=NOW)
    later = NOW + timedelta(hours=2)
    for _ in range(2):
        store.logins.begin("name:budi", free=5, now=later)

    rows = store.connection.execute("SELECT subject FROM login_failures").fetchall()
    assert rows == [("name:budi",)]
