from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from cicero_cli.core import clock
from cicero_cli.repositories.access.recent_writes import Write
from cicero_cli.repositories.database.store import Store
from tests.web.conftest import Api, Redis, Serve, add_roles
from tests.web.example import done

NOTES = "/api/example/notes"
USER = "/api/example/users/8501000A"


def test_the_same_write_twice_is_done_once(api: Api) -> None:
    first = api.post(NOTES, "operator", json={"text": "x", "client_id": "POLRES_A"})
    again = api.post(NOTES, "operator", json={"client_id": "POLRES_A", "text": "x"})
    assert (first.status_code, again.status_code) == (200, 429)
    assert again.json() == {"success": False, "message": "Permintaan yang sama baru saja dikirim."}
    assert api.post(NOTES, "operator", json={"text": "y"}).status_code == 200
    assert api.post(NOTES, "admin", json={"text": "x", "client_id": "POLRES_A"}).status_code == 200
    assert done == ["x", "y", "x"]


def test_of_the_same_write_sent_at_once_one_is_done(api: Api) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda _: api.post(NOTES, "operator", json={"text": "x"}), range(8))
        )
    assert sorted(answer.status_code for answer in answers) == [200] + [429] * 7
    assert done == ["x"]


def test_a_write_that_failed_may_be_sent_again(api: Api) -> None:
    for text, status in (("bad", 400), ("bug", 500)):
        for _ in range(2):
            assert api.post(NOTES, "operator", json={"text": text}).status_code == status


def test_switching_back_and_forth_is_no_repetition(api: Api) -> None:
    texts = ["on", "off", "on", "off"]
    statuses = [api.ask("PUT", USER, "operator", json={"text": t}).status_code for t in texts]
    assert statuses == [200] * 4
    assert api.ask("PUT", USER, "operator", json={"text": "off"}).status_code == 429


def test_what_another_has_changed_meanwhile_may_be_written_again(api: Api) -> None:
    for who, text in (("operator", "AKP"), ("admin", "IPDA"), ("operator", "AKP")):
        assert api.ask("PUT", USER, who, json={"text": text}).status_code == 200
    assert api.ask("PUT", USER, "admin", json={"text": "AKP"}).status_code == 200


def test_after_five_minutes_it_is_another_write(clients: Store, serve: Serve) -> None:
    now = [clock.now()]
    api = serve(parts=lambda _: {"clock": lambda: now[0]})
    add_roles(api)
    statuses = []
    for seconds in (0, 1, 298, 2, 1):
        now[0] += timedelta(seconds=seconds)
        statuses.append(api.post(NOTES, "operator", json={"text": "x"}).status_code)
    assert statuses == [200, 429, 429, 200, 429]


def test_a_write_whose_worker_died_may_be_sent_again_soon(store: Store) -> None:
    """It claimed, and neither remembered nor released."""
    write, now = Write("key", "what"), clock.now()
    lease = now + timedelta(seconds=30)
    assert store.recent_writes.claim(write, until=lease, now=now)
    assert not store.recent_writes.claim(write, until=lease, now=now + timedelta(seconds=29))
    assert store.recent_writes.claim(write, until=lease, now=now + timedelta(seconds=30))


def test_what_is_too_old_to_matter_is_not_kept(store: Store) -> None:
    now = clock.now()
    for number in range(5):
        moment = now + timedelta(minutes=number)
        store.recent_writes.claim(Write(f"{number}", "x"), until=moment, now=moment)
    row = store.connection.execute("SELECT count(*) FROM recent_writes").fetchone()
    assert row == (1,)


def test_reading_and_logging_in_repeat_at_will(api: Api) -> None:
    api.add("budi", "viewer", "POLRES_A")
    for _ in range(3):
        api.log_in("budi")
        assert api.get("/api/example/named", "budi").status_code == 200


def test_a_setting_lets_the_same_write_through(clients: Store, serve: Serve) -> None:
    api = serve(CICERO_ALLOW_DUPLICATE_REQUESTS="1")
    add_roles(api)
    for _ in range(3):
        assert api.post(NOTES, "operator", json={"text": "x"}).status_code == 200


def test_an_account_writes_so_often_a_minute_with_or_without_redis(
    clients: Store, serve: Serve, redis_server: Redis
) -> None:
    for url in ("", redis_server.url):
        api = serve(parts=lambda _: {"writes_per_minute": 3}, REDIS_URL=url)
        if not api.store.accounts.list():
            add_roles(api)
            tokens = api.tokens
        api.tokens = tokens
        statuses = [
            api.post(NOTES, "operator", json={"text": f"{url}{n}"}).status_code for n in range(5)
        ]
        assert statuses == [200, 200, 200, 429, 429]
        assert api.post(NOTES, "admin", json={"text": f"{url}!"}).status_code == 200


def test_the_same_write_is_done_once_while_redis_is_away(
    clients: Store, serve: Serve, redis_server: Redis
) -> None:
    api = serve(REDIS_URL=redis_server.url)
    add_roles(api)
    assert api.post(NOTES, "operator", json={"text": "x"}).status_code == 200
    redis_server.stop()
    assert api.post(NOTES, "operator", json={"text": "x"}).status_code == 429
    assert api.post(NOTES, "operator", json={"text": "y"}).status_code == 200
