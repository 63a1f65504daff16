from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from cicero_cli.domain.accounts import Role
from cicero_cli.domain.clients import Client
from cicero_cli.repositories.store import Store, connect
from cicero_cli.services.accounts import (
    AccountChanges,
    NewSecrets,
    add_account,
    change_account,
    get_account,
    remove_account,
)
from cicero_cli.services.signing_in import (
    LoginRefusedError,
    SignedIn,
    log_in_with_access_code,
    log_in_with_password,
)
from tests.services.fakes import BY
from tests.waiting import wait_until, waits_for_lock

NOW = BY.at
HOME = "192.0.2.1"


@dataclass
class World:
    """An account that may see POLRES_A and POLRES_B, and how to reach its database once more."""

    store: Store
    database: str
    secrets: NewSecrets

    def log_in(self, *, with_code: bool = False) -> SignedIn:
        """On a connection of its own, as each thread of the server has."""
        with self.another() as store:
            if with_code:
                code = self.secrets.access_code or ""
                return log_in_with_access_code(
                    store, "POLRES_A", code, accepts_phone=False, address=HOME, now=NOW
                )
            password = self.secrets.password or ""
            return log_in_with_password(store, "budi", password, address=HOME, now=NOW)

    @contextmanager
    def another(self) -> Iterator[Store]:
        with connect(self.database, hint="") as connection:
            yield Store(connection)

    def is_good(self, session: SignedIn) -> bool:
        later = NOW + timedelta(seconds=1)
        return self.store.sessions.find(session.jti, accepts_phone=False, now=later) is not None

    def sessions(self) -> list[tuple[object, ...]]:
        return self.store.connection.execute("SELECT jti, revoked_at FROM sessions").fetchall()


@pytest.fixture
def world(store: Store, database: str) -> World:
    for client_id in ("POLRES_A", "POLRES_B"):
        store.clients.add(Client(client_id=client_id, nama=client_id))
    _, secrets = add_account(
        store, "budi", role="operator", client_ids=["POLRES_A", "POLRES_B"], by=BY
    )
    return World(store, database, secrets)


@pytest.mark.parametrize(
    ("changes", "secret"),
    [
        (AccountChanges(new_password=True), "password"),
        (AccountChanges(log_out=True), "password"),
        (AccountChanges(active=False), "password"),
        (AccountChanges(revoke_access_code=True), "access code"),
    ],
)
def test_a_log_in_that_overtakes_a_change_of_its_account_is_refused(
    world: World, changes: AccountChanges, secret: str
) -> None:
    """The secret is checked before the change is committed, the session would begin after it."""
    with ThreadPoolExecutor(1) as threads, world.another() as store:
        with store.transaction():
            change_account(store, "budi", changes, by=BY)
            attempt = threads.submit(world.log_in, with_code=secret == "access code")
            wait_until(lambda: waits_for_lock(store.connection))
        with pytest.raises(LoginRefusedError):
            attempt.result()
    assert world.sessions() == []
    assert world.store.audit.list(limit=1)[0].action == "login.failed"


def test_a_log_in_that_overtakes_the_removal_of_its_account_is_refused(world: World) -> None:
    with ThreadPoolExecutor(1) as threads, world.another() as store:
        with store.transaction():
            remove_account(store, "budi", by=BY)
            attempt = threads.submit(world.log_in)
            wait_until(lambda: waits_for_lock(store.connection))
        with pytest.raises(LoginRefusedError):
            attempt.result()


def test_no_token_of_the_old_password_outlives_it_however_many_log_in(world: World) -> None:
    def keep_logging_in() -> Iterator[SignedIn]:
        with suppress(LoginRefusedError):
            while True:
                yield world.log_in()

    with ThreadPoolExecutor(4) as threads:  # from five at once on they would be slowed
        attempts = [threads.submit(lambda: list(keep_logging_in())) for _ in range(4)]
        wait_until(lambda: len(world.sessions()) > 3)
        change_account(world.store, "budi", AccountChanges(new_password=True), by=BY)
    begun = [session for attempt in attempts for session in attempt.result()]
    assert begun
    assert [session for session in begun if world.is_good(session)] == []


def test_two_admins_who_change_one_account_at_once_both_have_their_way(world: World) -> None:
    with ThreadPoolExecutor(1) as threads, world.another() as store, world.another() as other:
        with store.transaction():
            change_account(
                store, "budi", AccountChanges(role="viewer", client_ids=["POLRES_B"]), by=BY
            )
            second: Future[object] = threads.submit(
                change_account, other, "budi", AccountChanges(active=False), by=BY
            )
            wait_until(lambda: waits_for_lock(store.connection))
        second.result()
    account = get_account(world.store, "budi")
    assert (account.role, account.client_ids, account.active) == (
        Role.VIEWER,
        ("POLRES_B",),
        False,
    )


def test_a_session_outlives_its_home_client_as_long_as_another_is_left(world: World) -> None:
    session = world.log_in()
    assert session.client_id == "POLRES_A"
    world.store.clients.remove("POLRES_A")
    found = world.store.sessions.find(session.jti, accepts_phone=False, now=NOW)
    assert found is not None
    assert (found[0].client_id, found[0].client_ids) == (None, frozenset({"POLRES_B"}))
    world.store.clients.remove("POLRES_B")
    assert not world.is_good(session)


def test_an_admins_session_outlives_every_client(world: World) -> None:
    change_account(world.store, "budi", AccountChanges(role="admin"), by=BY)
    session = world.log_in()
    for client_id in ("POLRES_A", "POLRES_B"):
        world.store.clients.remove(client_id)
    assert world.is_good(session)


def test_a_log_in_by_phone_ends_with_its_client(world: World) -> None:
    client = Client(client_id="POLRES_C", nama="Polres C", client_operator="6281234567890")
    world.store.clients.add(client)
    session = log_in_with_access_code(
        world.store, "polres_c", "081234567890", accepts_phone=True, address=HOME, now=NOW
    )
    assert world.store.sessions.find(session.jti, accepts_phone=True, now=NOW) is not None
    world.store.clients.remove("POLRES_C")
    assert world.store.sessions.find(session.jti, accepts_phone=True, now=NOW) is None
    world.store.clients.add(client)
    assert world.store.sessions.find(session.jti, accepts_phone=True, now=NOW) is None
