from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import TryLaterError
from cicero_cli.repositories.database.store import Store, connect

BUDI = User(user_id="1", client_id="A", nama="Budi", insta="budi", tiktok="b")
SITI = User(user_id="02", client_id="A", nama="Siti", insta="siti", wa_opt_in=False)
OTHER = User(user_id="3", client_id="B", nama="Other", insta="budi", status=False)


@pytest.fixture(autouse=True)
def people(store: Store) -> None:
    for client_id in ("A", "B"):
        store.clients.add(Client(client_id=client_id, nama=client_id))
    for user in (BUDI, SITI, OTHER):
        assert store.users.add(user)


def test_users_are_listed_by_client_id_and_status(store: Store) -> None:
    assert store.users.list() == [SITI, BUDI, OTHER]
    assert store.users.list(["B"]) == [OTHER]
    assert store.users.list(["A", "B"], active=True) == [SITI, BUDI]
    assert store.users.list(active=False) == [OTHER]
    assert store.users.list([]) == []


def test_a_user_is_found_by_the_whole_id_only(store: Store) -> None:
    assert store.users.get("02") == SITI
    assert store.users.get("2") is None


def test_a_taken_id_leaves_its_user_as_before(store: Store) -> None:
    assert not store.users.add(replace(OTHER, user_id="1"))
    assert store.users.get("1") == BUDI


def test_two_users_swap_their_handles_in_one_statement(store: Store) -> None:
    swapped = [replace(BUDI, insta="siti"), replace(SITI, insta="budi")]
    assert store.users.save_all(swapped) == 2
    assert {user.user_id: user.insta for user in store.users.list(["A"])} == {
        "02": "budi",
        "1": "siti",
    }
    assert store.users.list_former_handles("1", Platform.INSTA) == ["budi"]
    assert store.users.list_former_handles("1", Platform.TIKTOK) == []


def test_a_bulk_write_leaves_refusals_and_other_clients_alone(store: Store) -> None:
    given = [replace(SITI, wa_opt_in=True), replace(OTHER, client_id="A", insta=None)]
    assert store.users.save_all(given) == 1
    assert store.users.list() == [SITI, BUDI, OTHER]


def test_the_database_itself_refuses_a_shared_handle(store: Store) -> None:
    with pytest.raises(TryLaterError, match="one of these handles"):
        store.users.save_all([replace(SITI, insta="budi")])
    with pytest.raises(TryLaterError, match="one of these handles"):
        store.users.add(replace(BUDI, user_id="4"))
    assert store.users.list(["A"]) == [SITI, BUDI]


def test_holders_of_a_handle_are_other_active_users_of_the_client(store: Store) -> None:
    assert store.users.handle_holders(BUDI) == []
    (holder,) = store.users.handle_holders(replace(BUDI, user_id="4", insta=None))
    assert (holder.platform, holder.username, holder.nama) == ("tiktok", BUDI.tiktok, BUDI.nama)
    assert store.users.handle_holders(replace(BUDI, user_id="4", client_id="B")) == []


def test_ids_of_other_clients_are_found(store: Store) -> None:
    assert store.users.clients_elsewhere(["1", "3", "99"], "A") == {"3": "B"}


def test_a_locked_user_waits_for_nobody_elses_change(store: Store, database: str) -> None:
    with connect(database, hint="") as second, store.transaction():
        assert store.users.lock("1") == BUDI
        assert store.users.lock_all("A") == [SITI, BUDI]
        second.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            Store(second).users.update(replace(BUDI, nama="Budi S."))


def test_the_handles_of_a_removed_user_are_known_for_past_days(store: Store) -> None:
    store.users.update(replace(BUDI, insta="budi.baru"))
    store.users.remove("1")
    assert store.users.get("1") is None
    assert store.users.list_former_handles("1", Platform.INSTA) == ["budi.baru", "budi"]


def test_what_is_used_beside_the_main_handle_is_kept_apart_by_platform(store: Store) -> None:
    store.users.set_extra_handles("1", Platform.INSTA, ["budi.dua", "budi", "budi.tiga"])
    store.users.set_extra_handles("1", Platform.TIKTOK, ["b2"])
    store.users.set_extra_handles("1", Platform.TIKTOK, ["b3"])

    extra = {Platform.INSTA: ("budi.dua", "budi.tiga"), Platform.TIKTOK: ("b3",)}
    assert store.users.extra_handles("1") == extra
    assert store.users.extra_handles_of("A") == {
        "1": [("insta", "budi.dua"), ("insta", "budi.tiga"), ("tiktok", "b3")]
    }
    assert store.users.extra_handles_of("B") == {}
    assert store.users.list_former_handles("1", Platform.TIKTOK) == ["b2"]

    store.users.update(replace(BUDI, insta="budi.dua", tiktok=None))
    assert store.users.extra_handles("1") == {Platform.INSTA: ("budi.tiga",), Platform.TIKTOK: ()}
    store.users.remove("1")
    assert store.users.extra_handles_of("A") == {}


def test_a_handle_beside_the_main_one_is_one_persons_too(store: Store) -> None:
    store.users.set_extra_handles("1", Platform.INSTA, ["budi.dua"])
    with pytest.raises(TryLaterError, match="one of these handles"):
        store.users.update(replace(SITI, insta="budi.dua"))
    for taken in ("budi", "budi.dua"):
        with pytest.raises(TryLaterError, match="one of these handles"):
            store.users.set_extra_handles("02", Platform.INSTA, ["siti.dua", taken])
    assert store.users.extra_handles("02")[Platform.INSTA] == ()

    (holder,) = store.users.handle_holders(SITI, {Platform.INSTA: ["budi.dua"]})
    assert (holder.username, holder.user_id) == ("budi.dua", "1")
    store.users.update(replace(BUDI, status=False))
    store.users.set_extra_handles("02", Platform.INSTA, ["budi.dua"])
    with pytest.raises(TryLaterError, match="one of these handles"):
        store.users.update(BUDI)
