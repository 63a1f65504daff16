from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from cicero_cli.core import clock
from cicero_cli.domain.collection.runs import Run as FetchRun
from cicero_cli.domain.collection.runs import RunStatus
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.programs import give_crontab, running_cron
from tests.services.fakes import at
from tests.web.conftest import SECRET, Redis

NOW = at("2026-11-21 05:00")


@pytest.fixture(autouse=True)
def a_saturday_noon() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture(autouse=True)
def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return give_crontab(tmp_path, monkeypatch)


@pytest.fixture
def cron(tmp_path: Path) -> Iterator[None]:
    with running_cron(tmp_path):
        yield


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        server = Redis(probe.getsockname()[1])
    server.start()
    yield server
    server.stop()


def verdicts(run: Run) -> set[tuple[str, str]]:
    found = json.loads(run("doctor", "--json").stdout)
    return {(finding["area"], finding["verdict"]) for finding in found}


def test_an_empty_installation_says_what_is_missing(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_BACKUP_TO", "/nas")

    result = cicero("doctor")

    assert (result.exit_code, result.stderr) == (1, "")
    first, *rest = result.stdout.splitlines()
    assert first.startswith("ok    database  PostgreSQL of yours answers")
    assert rest == [
        "warn  clients   there is no active client",
        "                -> cicero client add POLRES_A --nama 'Polres A' --insta polres.a",
        "bad   fetch     RAPIDAPI_KEY is not set, so nothing can be fetched",
        "                -> put RAPIDAPI_KEY=… into the environment or into .env",
        "                   (rapidapi.com, your app, Security)",
        "warn  cron      nothing in your crontab wakes cicero",
        "                -> cicero cron install",
        "warn  backup    there is no backup in /nas",
        "                -> cicero cron install has one taken every night; at once:",
        "                   cicero db backup",
        "warn  whatsapp  CICERO_WHATSAPP is not set, so no message is sent",
        "                -> set it to waha, gowa, cloud or file (docs/settings.md)",
        "off   serve     JWT_SECRET is not set, so no dashboard is served",
        "                -> needed for cicero serve only (docs/operations.md)",
    ]


def fill(cicero: Run, store: Store) -> None:
    """A client with everything that a day needs, fetched just now."""
    cicero(
        "client", "add", "a", "--nama", "A", "--insta", "a", "--group", "120363000000000000@g.us"
    )
    cicero("user", "add", "1", "--client", "a", "--nama", "Budi")
    run_id = store.runs.start("A", Platform.INSTA, now=NOW)
    done = FetchRun(client_id="A", platform=Platform.INSTA, status=RunStatus.DONE)
    store.runs.finish(run_id, done, now=NOW)


def test_an_installation_in_order_ends_with_nothing_to_do(
    *,
    cicero: Run,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    redis_server: Redis,
    cron: None,
) -> None:
    cicero("cron", "install", "--logs", str(tmp_path / "logs"))
    monkeypatch.setenv("RAPIDAPI_KEY", "0123456789abcdef")
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", str(tmp_path / "messages"))
    monkeypatch.setenv("JWT_SECRET", SECRET)
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("CICERO_BACKUP_TO", "nas")
    Path("nas").mkdir()
    Path("nas/cicero-20261120T190600Z.dump").touch()
    fill(cicero, store)
    store.accounts.add("bos", role="admin", active=True, password_hash="none")

    result = cicero("doctor")

    assert (result.exit_code, result.stdout.count("->")) == (0, 0)
    zone = clock.local_zone()
    assert result.stdout.splitlines()[1:] == [
        "ok    clients   1 active, each with an account, users and recipients",
        "ok    fetch     every last run went well and is recent",
        f"ok    cron      cron wakes cicero, in {zone}; each client's own zone decides",
        "ok    backup    the last is of 2026-11-21 02:06 WIB, in",
        f"                {tmp_path}/nas",
        "ok    whatsapp  file working, 0 of 500 sent today",
        "ok    serve     the page only: CORS_ORIGIN names no dashboard",
        "ok    serve     Redis answers",
    ]


def test_what_is_not_in_order_is_named(
    cicero: Run, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(cicero, store)
    cicero("client", "add", "b", "--nama", "B")
    run_id = store.runs.start("A", Platform.INSTA, now=NOW)
    failed = FetchRun(client_id="A", platform=Platform.INSTA, status=RunStatus.FAILED, error="x")
    store.runs.finish(run_id, failed, now=NOW)
    meter = Meter()
    store.usage.add("fake.test", meter, exhausted_until=at("2026-12-01 00:00"), now=NOW)
    env_file = tmp_path / "cicero.env"
    env_file.write_text(f"JWT_SECRET={SECRET}\nREDIS_URL=redis://127.0.0.1:1/0\n")
    env_file.chmod(0o644)
    monkeypatch.setenv("CICERO_ENV_FILE", str(env_file))
    monkeypatch.setenv("CICERO_WHATSAPP", "waha")
    monkeypatch.setenv("CICERO_WAHA_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("CICERO_LEGACY_PHONE_LOGIN", "1")

    result = cicero("doctor")
    told = " ".join(result.stdout.split())

    assert result.exit_code == 1
    for line in (
        f"-> chmod 600 {env_file}",
        "warn clients no account to follow: B -> cicero client set CLIENT_ID --insta",
        "warn clients no active user: B -> cicero user import",
        "warn clients nobody who gets its reports: B -> cicero client set",
        "bad fetch the quota of fake.test is used up until 2026-12-01 07:00 WIB",
        "warn fetch the last run failed: A insta -> cicero status says why",
        "bad whatsapp waha no_connection, 0 of 500 sent today -> is the gateway running",
        "warn serve there is no active admin account",
        "warn serve Redis does not answer",
        "warn serve CICERO_LEGACY_PHONE_LOGIN is on",
    ):
        assert line in told
    assert all(len(line) <= 80 for line in result.stdout.splitlines() if "/" not in line)
    assert ("fetch", "bad") in verdicts(cicero)


def test_lines_of_an_older_cicero_are_named(cicero: Run, crontab: Path) -> None:
    crontab.write_text(
        "CRON_TZ=Asia/Jakarta\n0 15 * * * /opt/cicero laphar send semua\n"
        "# BEGIN cicero\n* * * * * cicero old\n# END cicero\n"
    )
    told = " ".join(cicero("doctor").stdout.split())
    assert (
        "warn cron lines of your crontab run cicero beside those of `cicero cron`: 0 15 * * *"
        " /opt/cicero laphar send semua -> remove them (crontab -e): each job would run twice, and"
        " CRON_TZ does nothing in Debian's cron warn cron your crontab has an older cicero's lines"
    ) in told


def test_what_should_have_been_sent_by_now_is_named(cicero: Run, store: Store) -> None:
    with time_machine.travel(at("2026-11-20 23:00")):
        fill(cicero, store)
        store.connection.execute(
            "UPDATE clients SET scheduled_since = %s", [at("2026-11-01 00:00")]
        )
        cicero("remind", "--due")  # cron woke it once
    with time_machine.travel(at("2026-11-21 05:31")):
        told = " ".join(cicero("doctor").stdout.split())
    assert "warn cron remind should have run: A 12:10 WIB -> is cron running" in told


def test_a_database_that_is_not_there_is_a_finding(
    cicero: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("CICERO_DATA_DIR", str(tmp_path))

    assert verdicts(cicero) == {("database", "bad")}


def test_a_name_that_no_setting_has_is_told_with_the_one_that_it_may_be(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_PARALEL", "4")

    findings = json.loads(cicero("doctor", "--json").stdout)
    assert [
        (one["code"], one["verdict"], one["found"], one["remedy"])
        for one in findings
        if one["area"] == "settings"
    ] == [
        (
            "setting_unknown",
            "warn",
            "there is no setting CICERO_PARALEL",
            "is it CICERO_PARALLEL?",
        )
    ]
