from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from cicero_cli.standins.upstream.server import StandIn
from tests.conftest import Run

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
FETCH = ("fetch", "insta", "--days", "2")  # two, lest midnight comes while a test runs


class Gate(StandIn):
    """A stand-in that keeps everybody waiting who asks for likes, after `free` of them, until it is opened."""

    def __init__(self, *accounts: StandInAccount) -> None:
        super().__init__(accounts)
        self.free = 1_000_000
        self.is_reached = threading.Event()
        self.is_open = threading.Event()
        self._numbers = count(1)

    def answer(self, target: str, **headers: str) -> Any:
        if target.startswith("/v1/likes") and next(self._numbers) > self.free:
            self.is_reached.set()
            self.is_open.wait(timeout=30)
        return super().answer(target, **headers)

    def open(self) -> None:
        self.free = 1_000_000
        self.is_open.set()


def account(platform: Platform, name: str, *people: tuple[str, ...]) -> StandInAccount:
    """An account with one post per tuple of people, an hour apart."""
    posts = [
        StandInPost(
            key=f"75{name[-1:].encode().hex()}{number}"
            if platform is TIKTOK
            else f"{name}{number}",
            published_at=(clock.now() - timedelta(minutes=60 * number)).replace(microsecond=0),
            people=handles,
        )
        for number, handles in enumerate(people, start=1)
    ]
    return StandInAccount(platform=platform, username=name, posts=tuple(posts))


@pytest.fixture
def upstream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    with Gate(
        account(INSTA, "polres.a", ("ani", "budi"), ("ani",)),
        account(INSTA, "polres.b", ("ani",), ("budi",)),
        account(TIKTOK, "polres.a", ("ani", "ani", "budi")),
    ) as gate:
        monkeypatch.setenv("CICERO_INSTAGRAM_URL", gate.url)
        monkeypatch.setenv("CICERO_TIKTOK_URL", gate.url)
        monkeypatch.setenv("RAPIDAPI_KEY", "geheim-1234567890")
        monkeypatch.setenv("CICERO_RATE", "10000")
        yield gate
        gate.open()


@pytest.fixture
def clients(cicero: Run) -> None:
    cicero(
        "client", "add", "polres_a", "--nama", "A", "--insta", "polres.a", "--tiktok", "polres.a"
    )
    cicero("client", "add", "polres_b", "--nama", "B", "--insta", "polres.b")


@pytest.fixture
def process(cicero: Run, clients: None, upstream: Gate) -> Iterator[subprocess.Popen[str]]:
    """A fetch in a process of its own, which waits for its second answer about likes."""
    upstream.free = 1
    command = [sys.executable, "-m", "cicero_cli", *FETCH]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert upstream.is_reached.wait(timeout=30)
    yield running
    running.kill()
    running.communicate()


def likes_of(store: Store) -> int:
    return store.connection.execute("SELECT count(*) FROM engagement").fetchall()[0][0]


def wait_until(store: Store, condition: str) -> None:
    """Come back when the database says so."""
    for _ in range(1500):
        if store.connection.execute(f"SELECT {condition} FROM pg_sleep(0.01)").fetchone() == (
            True,
        ):
            return
    raise AssertionError(f"15 seconds passed without {condition}")


def test_runs_are_shown_as_documented_json(cicero: Run, clients: None, upstream: Gate) -> None:
    result = cicero(*FETCH, "--json")

    [run_a, run_b] = json.loads(result.stdout)["runs"]
    assert (result.exit_code, result.stderr) == (0, "")
    sizes = {key: run_a.pop(key) for key in ("bytes", "seconds")}
    assert run_a == {
        "client_id": "POLRES_A",
        "platform": "insta",
        "status": "done",
        "posts": 2,
        "new": 3,
        "listed": 3,
        "total": 3,
        "finished": 0,
        "unmoved": 0,
        "later": 0,
        "unaffordable": 0,
        "requests": 3,
        "error": None,
        "error_code": None,
    }
    assert sizes["bytes"] == sum(
        served.size for served in upstream.requests if "polres.b" not in str(served.query)
    )
    assert sizes["seconds"] >= 0
    assert (run_b["client_id"], run_b["posts"], run_b["new"]) == ("POLRES_B", 2, 2)


def test_a_table_has_a_line_for_each_client(cicero: Run, clients: None, upstream: Gate) -> None:
    lines = cicero(*FETCH).stdout.splitlines()

    assert [line.split()[:6] for line in lines] == [
        ["client", "status", "posts", "new", "coverage", "requests"],
        ["POLRES_A", "done", "2", "3", "100.0%", "3"],
        ["POLRES_B", "done", "2", "2", "100.0%", "3"],
    ]


def test_comments_are_fetched_too(cicero: Run, clients: None, upstream: Gate) -> None:
    result = cicero("fetch", "tiktok", "--days", "2", "--json")

    [run] = json.loads(result.stdout)["runs"]
    assert (run["client_id"], run["status"], run["posts"], run["new"]) == ("POLRES_A", "done", 1, 3)


def test_a_second_fetch_reads_the_comments_that_came_since(
    cicero: Run, clients: None, upstream: Gate
) -> None:
    talk = account(TIKTOK, "polres.a", tuple(f"orang{number}" for number in range(120)))
    upstream.content.put(talk)
    cicero("fetch", "tiktok", "--days", "2")
    upstream.content.add_people(talk.posts[0].key, "cici")
    upstream.requests.clear()

    plan = cicero("fetch", "tiktok", "--days", "2", "--dry-run")
    [run] = json.loads(cicero("fetch", "tiktok", "--days", "2", "--json").stdout)["runs"]

    known = "0 of 1 known posts would be read: 0 finished, 1 unmoved, 0 later today"
    assert known in plan.stderr
    pages = [one.query["cursor"] for one in upstream.requests if "comments" in one.path]
    assert (run["new"], pages) == (1, ["140"])
    assert "gives comments by time, so only new ones are read." in cicero("status").stdout


def test_one_clients_failure_is_named_and_the_others_are_done(
    cicero: Run, clients: None, upstream: Gate
) -> None:
    upstream.faults.add(Fault(kind=FaultKind.DETAIL, about="polres.a"))

    result = cicero(*FETCH)

    host = upstream.url.removeprefix("http://")
    assert result.exit_code == 3
    assert result.stderr == f"POLRES_A: GET /v1/posts at {host}: 404 Not found\n"
    assert [line.split()[:2] for line in result.stdout.splitlines()[1:]] == [
        ["POLRES_A", "failed"],
        ["POLRES_B", "done"],
    ]


def test_when_every_client_fails_the_command_failed(
    cicero: Run, clients: None, upstream: Gate
) -> None:
    upstream.faults.add(Fault(kind=FaultKind.DETAIL))

    assert cicero(*FETCH).exit_code == 1


def test_a_used_up_quota_stops_this_run_and_refuses_the_next(
    cicero: Run, clients: None, upstream: Gate
) -> None:
    upstream.faults.add(Fault(kind=FaultKind.MONTHLY_QUOTA, about="polres.a"))

    first = cicero(*FETCH)
    assert first.exit_code == 75
    assert "exceeded the MONTHLY quota" in first.stderr

    upstream.faults.clear()
    asked = len(upstream.requests)
    second = cicero(*FETCH)
    assert (second.exit_code, second.stdout, second.stderr.count("\n")) == (75, "", 1)
    assert second.stderr.startswith(
        f"cicero: the quota of {upstream.url.removeprefix('http://')} is used up until "
    )
    assert len(upstream.requests) == asked

    third = cicero(*FETCH, "--ignore-quota")
    assert (third.exit_code, third.stderr) == (0, "")


def test_a_wrong_key_is_a_wrong_setting_and_not_shown(
    cicero: Run, clients: None, upstream: Gate
) -> None:
    upstream.faults.add(Fault(kind=FaultKind.INVALID_KEY))

    result = cicero(*FETCH)

    assert result.exit_code == 78
    assert "401 Invalid API key." in result.stderr
    assert "check RAPIDAPI_KEY" in result.stderr
    assert "geheim" not in result.stderr + result.stdout


def test_without_a_key_nothing_is_asked(
    cicero: Run, clients: None, upstream: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAPIDAPI_KEY")

    result = cicero(*FETCH)

    assert (result.exit_code, result.stdout, result.stderr) == (
        78,
        "",
        "cicero: RAPIDAPI_KEY is not set, so nothing can be fetched (put RAPIDAPI_KEY=… into the"
        " environment or into .env (rapidapi.com, your app, Security))\n",
    )
    assert upstream.requests == []


def test_a_dry_run_asks_nothing(cicero: Run, clients: None, upstream: Gate) -> None:
    result = cicero("fetch", "insta", "--dry-run", "--date", "2026-01-02")

    assert (result.exit_code, result.stdout) == (
        0,
        "client    account    from        to            posts    changed    requests\n"
        "POLRES_A  polres.a   2026-01-02  2026-01-02        0          0           1\n"
        "POLRES_B  polres.b   2026-01-02  2026-01-02        0          0           1\n",
    )
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--date", "2999-01-01"], "--date 2999-01-01: expected a day that has come: today is "),
        (
            ["--date", "today"],
            "--date today: expected a day written YYYY-MM-DD, such as 2026-11-21\n",
        ),
        (["--client", "polres_c"], "there is no client POLRES_C (there are: POLRES_A, POLRES_B)\n"),
        (["--days", "0"], "Invalid value for '--days': "),
    ],
)
def test_wrong_input_gets_one_line_and_nothing_is_asked(
    words: list[str], reason: str, cicero: Run, clients: None, upstream: Gate
) -> None:
    result = cicero("fetch", "insta", *words)

    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert result.stderr.startswith(f"cicero: {reason}")
    assert upstream.requests == []


def test_a_second_run_is_refused_at_once_while_one_runs(
    process: subprocess.Popen[str], cicero: Run, upstream: Gate
) -> None:
    refused = cicero(*FETCH)
    assert (refused.exit_code, refused.stdout, refused.stderr) == (
        75,
        "",
        "cicero: another `cicero fetch insta` is still running, so this one did nothing"
        " (see: cicero status)\n",
    )

    upstream.open()
    stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr, len(stdout.splitlines())) == (0, "", 3)


def test_an_interrupted_run_keeps_what_came_and_the_next_completes_it(
    process: subprocess.Popen[str], cicero: Run, upstream: Gate, store: Store
) -> None:
    wait_until(store, "EXISTS (SELECT FROM insta_like)")
    process.send_signal(signal.SIGINT)
    wait_until(store, "(SELECT count(*) = 2 FROM runs WHERE status = 'interrupted')")
    upstream.open()  # requests under way are waited for

    stdout, stderr = process.communicate(timeout=30)
    assert (process.returncode, stdout, stderr) == (
        130,
        "",
        "cicero: interrupted; what was finished before is kept\n",
    )
    assert 0 < likes_of(store) < 5

    again = cicero(*FETCH, "--json")
    assert [run["status"] for run in json.loads(again.stdout)["runs"]] == ["done", "done"]
    assert likes_of(store) == 5


def test_a_killed_run_keeps_what_came_and_the_next_completes_it(
    process: subprocess.Popen[str], cicero: Run, upstream: Gate, store: Store
) -> None:
    wait_until(store, "EXISTS (SELECT FROM insta_like)")
    process.kill()
    process.communicate()
    upstream.open()
    wait_until(store, "NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory')")

    again = cicero(*FETCH, "--json")

    assert [run["status"] for run in json.loads(again.stdout)["runs"]] == ["done", "done"]
    assert likes_of(store) == 5
    states = store.connection.execute("SELECT status, count(*) FROM runs GROUP BY 1 ORDER BY 1")
    assert states.fetchall() == [("done", 2), ("interrupted", 2)]
