from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from cicero_cli.domain.platforms import Platform
from cicero_cli.standins.upstream.accounts import plan_account
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from cicero_cli.standins.upstream.server import Served, StandIn

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
ACCOUNT = plan_account(Platform.INSTA, "polres.a", now=NOW, posts_a_day=1, days=1, strangers=5)
NEWEST = ACCOUNT.posts[1].key


def ask(url: str, path: str, *, key: str = "k", **params: str) -> requests.Response:
    headers = {"X-RapidAPI-Key": key, "X-RapidAPI-Host": url.removeprefix("http://")}
    return requests.get(url + path, params=params, headers=headers, timeout=10)


def likes(standin: StandIn, key: str = NEWEST) -> dict[str, Any]:
    return ask(standin.url, "/v1/likes", code_or_id_or_url=key).json()["data"]


def test_likes_grow_between_two_requests() -> None:
    with StandIn([ACCOUNT]) as standin:
        before = likes(standin)
        standin.content.add_people(NEWEST, "budi", "siti")
        after = likes(standin)

    assert (before["count"], after["count"]) == (5, 7)
    assert [person["username"] for person in after["items"]][-2:] == ["budi", "siti"]


def test_a_post_may_be_taken_down() -> None:
    with StandIn([ACCOUNT]) as standin:
        standin.content.delete_post(NEWEST)
        posts = ask(standin.url, "/v1/posts", username_or_id_or_url="polres.a").json()
        gone = ask(standin.url, "/v1/likes", code_or_id_or_url=NEWEST)

    assert [post["code"] for post in posts["data"]["items"]] == [ACCOUNT.posts[0].key]
    assert (gone.status_code, gone.json()) == (404, {"detail": f"Not found: {NEWEST}"})


def test_requests_are_on_record() -> None:
    with StandIn([ACCOUNT]) as standin:
        answer = ask(standin.url, "/v1/likes", code_or_id_or_url=NEWEST)

    assert standin.requests == [
        Served("/v1/likes", {"code_or_id_or_url": NEWEST}, 200, len(answer.content))
    ]
    assert answer.headers["x-ratelimit-requests-remaining"] == "199999"


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"X-RapidAPI-Key": "k"}, 404), ({"X-RapidAPI-Host": "elsewhere"}, 401)],
)
def test_a_request_without_key_or_host_is_refused(headers: dict[str, str], status: int) -> None:
    with StandIn([ACCOUNT]) as standin:
        answer = requests.get(f"{standin.url}/v1/likes", headers=headers, timeout=10)

    assert answer.status_code == status


def test_padded_bodies_are_as_large_as_real_ones() -> None:
    account = plan_account(Platform.INSTA, "polres.a", now=NOW, posts_a_day=12, strangers=1_000)
    with StandIn([account], is_padded=True) as standin:
        posts = ask(standin.url, "/v1/posts", username_or_id_or_url="polres.a")
        people = ask(standin.url, "/v1/likes", code_or_id_or_url=account.posts[1].key)

    assert 100_000 < len(posts.content) < 200_000
    assert 600_000 < len(people.content) < 800_000


@pytest.mark.parametrize(
    ("fault", "failed"),
    [
        (Fault(kind=FaultKind.TOO_MANY), [1, 2, 3, 4, 5, 6]),
        (Fault(kind=FaultKind.TOO_MANY, first=3), [3, 4, 5, 6]),
        (Fault(kind=FaultKind.TOO_MANY, first=2, every=3), [2, 5]),
        (Fault(kind=FaultKind.TOO_MANY, times=2), [1, 2]),
        (Fault(kind=FaultKind.TOO_MANY, every=2, times=2), [1, 3]),
        (Fault(kind=FaultKind.TOO_MANY, about="other"), []),
        (Fault(kind=FaultKind.TOO_MANY, path="/v1/posts"), []),
    ],
)
def test_a_fault_strikes_the_requests_it_names(fault: Fault, failed: list[int]) -> None:
    with StandIn([ACCOUNT], faults=[fault]) as standin:
        for _ in range(6):
            ask(standin.url, "/v1/likes", code_or_id_or_url=NEWEST)

    statuses = [served.status for served in standin.requests]
    assert [number for number, status in enumerate(statuses, 1) if status == 429] == failed


def test_it_runs_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "cicero_cli.standins.upstream", "--accounts", "2"]
    with subprocess.Popen(
        [*command, "--posts", "3", "--likes", "20"], stdout=subprocess.PIPE, text=True
    ) as process:
        url = process.stdout.readline().strip()
        posts = ask(url, "/v1/posts", username_or_id_or_url="polres.001").json()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)

    assert posts["data"]["count"] == 7
    assert process.returncode == 0
