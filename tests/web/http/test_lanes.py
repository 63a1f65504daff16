from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database import embedded
from cicero_cli.repositories.database.migrations import migrate
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.web.http.lanes import SIZES, Lane, Lanes, Size
from tests.web.conftest import Api, Serve, add_roles, wait_until
from tests.web.example import started

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%%pg_sleep(%%' AND pid <> pg_backend_pid()"


def sleeping(store: Store) -> int:
    row = store.connection.execute(SLEEPING).fetchone()
    assert row is not None
    return int(row[0])


def waiting_for_locks(store: Store) -> int:
    row = store.connection.execute(WAITING).fetchone()
    assert row is not None
    return int(row[0])


def hang_up_on(api: Api, path: str) -> socket.socket:
    where = urlsplit(api.url)
    connection = socket.create_connection((where.hostname, where.port), timeout=10)
    token = api.tokens["viewer"]
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    return connection


def test_who_hangs_up_stops_the_query(api: Api) -> None:
    connection = hang_up_on(api, "/api/example/slow?seconds=60")
    wait_until(lambda: sleeping(api.store) == 1)
    connection.close()
    wait_until(lambda: sleeping(api.store) == 0, seconds=5)
    assert api.get("/api/example/slow?seconds=0", "viewer").status_code == 200


def test_who_hangs_up_before_its_turn_is_never_asked_for(api: Api) -> None:
    running = [hang_up_on(api, "/api/example/slow?seconds=60") for _ in range(2)]
    wait_until(lambda: sleeping(api.store) == 2)
    waiting = [hang_up_on(api, "/api/example/slow?seconds=61") for _ in range(5)]
    time.sleep(0.5)  # noqa: TID251 - so that they stand in line
    for connection in waiting:
        connection.close()
    for connection in running:
        connection.close()
    wait_until(lambda: sleeping(api.store) == 0, seconds=5)
    assert api.get("/api/example/slow?seconds=0", "viewer").status_code == 200


def test_slow_recaps_make_nobody_else_wait(api: Api) -> None:
    api.add("budi", "viewer", "POLRES_A")
    slow = [hang_up_on(api, "/api/example/slow?seconds=30") for _ in range(20)]
    wait_until(lambda: sleeping(api.store) == 2)
    assert api.get("/api/example/named", "viewer", timeout=5).status_code == 200
    api.log_in("budi")
    assert api.get("/readyz", timeout=5).status_code == 200
    assert sleeping(api.store) == 2
    for connection in slow:
        connection.close()
    wait_until(lambda: sleeping(api.store) == 0, seconds=10)


def test_twenty_recaps_of_a_month_make_nobody_else_wait(api: Api, database: str) -> None:
    """Of the real route: what it reads is locked, so every recap takes as long as it may."""
    api.add("budi", "viewer", "POLRES_A")
    recap = "/api/insta/rekap-likes?periode=bulanan&tanggal=2026-01"
    with connect(database, hint="") as connection, connection.transaction():
        connection.execute("LOCK TABLE done_by_day")
        slow = [hang_up_on(api, f"{recap}&n={number}") for number in range(20)]
        wait_until(lambda: waiting_for_locks(api.store) == 2)
        assert api.get("/api/dashboard/stats", "viewer", timeout=1).status_code == 200
        api.log_in("budi")
        assert waiting_for_locks(api.store) == 2
        for one in slow:
            one.close()
    assert api.get(recap, "viewer").status_code == 200


def test_writes_that_wait_for_a_lock_make_no_reader_wait(api: Api, database: str) -> None:
    with connect(database, hint="") as connection, connection.transaction():
        connection.execute('SELECT FROM "user" FOR UPDATE')
        with ThreadPoolExecutor(12) as threads:
            writes = [
                threads.submit(
                    api.ask, "PUT", "/api/users/8501000A", "operator", json={"nama": f"N{number}"}
                )
                for number in range(12)
            ]
            wait_until(lambda: waiting_for_locks(api.store) == 2)
            assert api.get("/api/dashboard/stats", "viewer", timeout=1).status_code == 200
            assert writes[0].result().status_code == 503  # it may be tried again in a moment
            connection.execute("ROLLBACK")
            assert 200 in {write.result().status_code for write in writes}


def test_hang_ups_while_waiting_for_an_upstream_keep_no_query_running(api: Api) -> None:
    waiting = [hang_up_on(api, "/api/example/waiting?seconds=6") for _ in range(8)]
    started.wait(5)
    for connection in waiting:
        connection.close()
    slow = hang_up_on(api, "/api/example/slow?seconds=60")
    wait_until(lambda: sleeping(api.store) == 1)
    slow.close()
    wait_until(lambda: sleeping(api.store) == 0, seconds=3)


def test_what_turns_out_to_be_small_does_not_stand_in_line(api: Api) -> None:
    assert api.get("/api/example/moving?seconds=0.01", "viewer").json()["data"] == {"lane": "HEAVY"}
    slow = [hang_up_on(api, "/api/example/moving?seconds=30") for _ in range(10)]
    wait_until(lambda: sleeping(api.store) == 2)
    small = api.get("/api/example/moving?seconds=0", "viewer", timeout=5)
    assert small.json()["data"] == {"lane": "QUICK"}
    for connection in slow:
        connection.close()
    wait_until(lambda: sleeping(api.store) == 0, seconds=10)


def serve_heavy(serve: Serve, size: Size) -> Api:
    """A server whose lane for what takes long has this size."""
    api = serve(parts=lambda settings: {"lanes": Lanes(settings, {**SIZES, Lane.HEAVY: size})})
    add_roles(api)
    return api


def test_every_statement_has_a_time_limit(clients: Store, serve: Serve) -> None:
    api = serve_heavy(serve, Size(threads=1, statement_seconds=0.3, waiting=2))
    refused = api.get("/api/example/slow?seconds=30", "viewer", timeout=10)
    assert (refused.status_code, refused.json()["success"]) == (503, False)
    assert refused.headers["Retry-After"] == "5"
    assert all(0 < SIZES[lane].statement_seconds <= 20 for lane in Lane)


def test_a_line_that_is_too_long_is_refused(clients: Store, serve: Serve) -> None:
    api = serve_heavy(serve, Size(threads=1, statement_seconds=5, waiting=2))
    with ThreadPoolExecutor(8) as threads:
        statuses = list(
            threads.map(
                lambda _: api.get("/api/example/slow?seconds=0.3", "viewer").status_code, range(8)
            )
        )
    assert sorted(statuses) == [200] * 3 + [503] * 5


@pytest.fixture
def own_server() -> Iterator[Path]:
    """A PostgreSQL of the test's own, which may be stopped."""
    with tempfile.TemporaryDirectory(prefix="cicero-test-", ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder)
        embedded.start(data_dir)
        with connect(embedded.conninfo(data_dir), hint="") as connection:
            migrate(connection)
        yield data_dir
        embedded.stop(data_dir)


def test_the_first_request_after_postgresql_is_back_succeeds(
    own_server: Path, serve: Serve
) -> None:
    conninfo = embedded.conninfo(own_server)
    with connect(conninfo, hint="") as connection:
        store = Store(connection)
        store.clients.add(Client(client_id="POLRES_A", nama="Polres A"))
        api = serve(DATABASE_URL=f"postgresql://postgres@/postgres?host={own_server}/postgres")
        api.store = store
        add_roles(api)
    with ThreadPoolExecutor(4) as threads:  # fill the pool
        list(threads.map(lambda _: api.get("/api/example/named", "viewer"), range(12)))

    embedded.stop(own_server)
    embedded.start(own_server)
    assert api.get("/api/example/named", "viewer").status_code == 200

    embedded.stop(own_server)
    away = api.get("/api/example/named", "viewer")
    assert (away.status_code, away.json()["success"]) == (503, False)
    assert api.get("/healthz").status_code == 200
    assert api.get("/readyz").status_code == 503
    embedded.start(own_server)
    assert api.get("/api/example/named", "viewer").status_code == 200
    assert api.get("/readyz").status_code == 200


@pytest.mark.parametrize("is_embedded", [False, True])
def test_a_stopped_postgresql_is_a_503_within_seconds_and_no_matter_once_it_goes_on(
    own_server: Path, serve: Serve, *, is_embedded: bool
) -> None:
    with connect(embedded.conninfo(own_server), hint="") as connection:
        store = Store(connection)
        store.clients.add(Client(client_id="POLRES_A", nama="Polres A"))
        address = (
            "" if is_embedded else f"postgresql://postgres@/postgres?host={own_server}/postgres"
        )
        api = serve(DATABASE_URL=address, CICERO_DATA_DIR=str(own_server))
        api.store = store
        add_roles(api)
    assert api.get("/api/example/named", "viewer").status_code == 200
    cluster = own_server / "postgres"
    servers = [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == "postgres" and process.info["cwd"] == str(cluster)
    ]
    for process in servers:
        process.suspend()
    try:
        with ThreadPoolExecutor(12) as crowd:  # more than there are threads: none waits for another
            asked = [
                crowd.submit(api.get, "/api/example/named", "viewer", timeout=25) for _ in range(12)
            ]
            refused = [request.result() for request in asked]
        assert [(one.status_code, one.json()["success"]) for one in refused] == [(503, False)] * 12
        assert api.get("/healthz").status_code == 200
    finally:
        for process in reversed(servers):
            process.resume()
    wait_until(lambda: api.get("/api/example/named", "viewer").status_code == 200, seconds=30)


def test_an_embedded_database_that_died_is_started_again(own_server: Path, serve: Serve) -> None:
    api = serve(DATABASE_URL="", CICERO_DATA_DIR=str(own_server))
    assert api.get("/readyz").status_code == 200
    embedded.stop(own_server)
    api.get("/readyz")
    wait_until(lambda: api.get("/readyz").status_code == 200, seconds=30)


def test_a_killed_connection_hurts_one_request_at_most(api: Api) -> None:
    assert api.get("/api/example/named", "viewer").status_code == 200
    api.store.connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cicero serve%'"
    )
    time.sleep(0.1)  # noqa: TID251 - until the server has closed them
    for _ in range(5):
        assert api.get("/api/example/named", "viewer").status_code == 200


def test_requests_that_are_aborted_at_will_leave_nothing_behind(api: Api) -> None:
    before = threading.active_count()
    kept = []
    for number in range(60):
        connection = hang_up_on(api, f"/api/example/slow?seconds=0.{number:02}")
        if number % 3:
            connection.close()
        else:
            kept.append(connection)
    started.wait(5)
    wait_until(lambda: sleeping(api.store) == 0, seconds=30)
    assert api.get("/api/example/named", "viewer").status_code == 200
    assert threading.active_count() <= before + 20
    row = api.store.connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'cicero serve%'"
    ).fetchone()
    assert row is not None
    assert row[0] <= sum(size.threads for size in SIZES.values())
    for connection in kept:
        connection.close()
