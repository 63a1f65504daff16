from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.access.addresses import address_block
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.access.accounts import (
    AccountChanges,
    NewSecrets,
    add_account,
    change_account,
    get_account,
    remove_account,
)
from cicero_cli.services.access.guessing import SlowDownError
from cicero_cli.services.access.log_in import (
    LoginRefusedError,
    SignedIn,
    log_in_with_access_code,
    log_in_with_password,
)
from cicero_cli.services.access.own_password import change_password
from cicero_cli.services.access.registration import register
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

    def log_in(self, *, with_code: bool = False, address: str = HOME) -> SignedIn:
        """On a connection of its own, as each thread of the server has."""
        with self.another() as store:
            if with_code:
                code = self.secrets.access_code or ""
                return log_in_with_access_code(
                    store, "POLRES_A", code, accepts_phone=False, address=address, now=NOW
                )
            password = self.secrets.password or ""
            return log_in_with_password(store, "budi", password, address=address, now=NOW)

    def guess(self, name: str, *, address: str) -> None:
        with pytest.raises(LoginRefusedError):
            log_in_with_password(self.store, name, "guess", address=address, now=NOW)

    def fail_from(self, address: str) -> None:
        """Thirty failures of others, without the slow hashing of each."""
        for _ in range(30):
            self.store.logins.begin(f"address:{address_block(address)}", free=30, now=NOW)

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


def test_who_shares_an_address_with_a_guesser_is_not_locked_out_of_where_they_log_in(
    world: World,
) -> None:
    world.log_in()
    world.fail_from(HOME)
    assert world.is_good(world.log_in())
    assert world.is_good(world.log_in(with_code=True))
    with pytest.raises(SlowDownError):
        log_in_with_password(world.store, "sari", "guess", address=HOME, now=NOW)


def test_a_known_address_is_no_free_way_to_guess(world: World) -> None:
    world.log_in()
    for _ in range(5):
        world.guess("budi", address=HOME)
    with pytest.raises(SlowDownError):
        world.log_in()
    assert world.is_good(world.log_in(address="192.0.2.2"))


def test_all_addresses_of_an_ipv6_subscriber_count_as_one(world: World) -> None:
    world.fail_from("2001:db8::1")
    with pytest.raises(SlowDownError):
        world.log_in(address="2001:db8::ffff:2")
    world.log_in(address="2001:db8:0:1::1")
    world.fail_from("2001:db8:0:1::2")
    assert world.is_good(world.log_in(address="2001:db8:0:1::3"))


def test_registrations_of_an_ipv6_subscriber_are_few(world: World) -> None:
    def register_from(number: int) -> None:
        address = f"2001:db8::{number}"
        register(
            world.store, f"name{number}", "kuda baterai 7", wishes={}, address=address, now=NOW
        )

    for number in range(5):
        register_from(number)
    with pytest.raises(SlowDownError):
        register_from(5)


def test_wrong_codes_for_a_client_are_not_in_the_way_of_right_ones(world: World) -> None:
    for number in range(8):
        for code in ("wrong", f"ABCDEF-GHJKLM-NPQRST-UVWXY{number + 2}"):
            with suppress(LoginRefusedError, SlowDownError):
                log_in_with_access_code(
                    world.store, "POLRES_A", code,
                    accepts_phone=False, address=f"198.51.100.{number}", now=NOW,
                )  # fmt: skip
    assert world.is_good(world.log_in(with_code=True))


def test_phone_numbers_are_guessed_slowly_and_the_operator_still_gets_in(world: World) -> None:
    client = Client(client_id="POLRES_C", nama="Polres C", client_operator="6281234567890")
    world.store.clients.add(client)

    def log_in(number: str, address: str) -> SignedIn:
        return log_in_with_access_code(
            world.store, "polres_c", number, accepts_phone=True, address=address, now=NOW
        )

    log_in("081234567890", HOME)
    for number in range(5):
        with pytest.raises(LoginRefusedError):
            log_in(f"08123456780{number}", f"198.51.100.{number}")
    with pytest.raises(SlowDownError):
        log_in("081234567890", "198.51.100.9")
    assert log_in("081234567890", HOME).client_id == "POLRES_C"


def test_what_a_registration_asks_for_is_kept_as_long_as_it_is_text(world: World) -> None:
    wishes = {"role": "admin", "client_id": "\x1b[2J"}
    register(world.store, "sari", "kuda baterai 7", wishes=wishes, address=HOME, now=NOW)
    assert world.store.audit.list(limit=1)[0].details == {"role": "admin"}


def test_no_password_is_cut(world: World) -> None:
    longest = ("kuda baterai staples " * 10)[:200]
    old = world.secrets.password or ""
    change_password(world.store, old, longest, by=replace(BY, name="budi"))

    log_in_with_password(world.store, "budi", longest, address=HOME, now=NOW)
    for wrong in (longest[:-1], longest + "s", longest + "staples" * 200):
        with pytest.raises(LoginRefusedError):
            log_in_with_password(world.store, "budi", wrong, address=HOME, now=NOW)


def test_a_session_that_nobody_uses_ends(world: World) -> None:
    def is_good(session: SignedIn, minutes: int) -> bool:
        now = NOW + timedelta(minutes=minutes)
        return world.store.sessions.find(session.jti, accepts_phone=False, now=now) is not None

    used, idle = world.log_in(), world.log_in()
    assert [is_good(used, minutes) for minutes in (90, 180, 270, 389)] == [True] * 4
    assert not is_good(idle, 120)
    assert is_good(idle, 119)
    assert not is_good(used, 389 + 120)
    assert not is_good(used, 12 * 60)
