"""`cicero fetch semua`: both platforms, each on a host of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost
from cicero_cli.standins.upstream.faults import Fault, FaultKind
from cicero_cli.standins.upstream.server import StandIn
from tests.conftest import Run

SEMUA = ("fetch", "semua", "--days", "2")


@pytest.fixture
def hosts(cicero: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[Platform, StandIn]]:
    """POLRES_A with one post on each platform, of an hour ago."""
    cicero("client", "add", "polres_a", "--nama", "A", "--insta", "polres.a", "--tiktok", "polres.a")  # fmt: skip
    post = StandInPost(key="7512", published_at=clock.now() - timedelta(hours=1), people=("ani",))
    insta, tiktok = (
        StandIn([StandInAccount(platform=platform, username="polres.a", posts=(post,))])
        for platform in (Platform.INSTA, Platform.TIKTOK)
    )
    monkeypatch.setenv("RAPIDAPI_KEY", "geheim-1234567890")
    with insta, tiktok:
        monkeypatch.setenv("CICERO_INSTAGRAM_URL", insta.url)
        monkeypatch.setenv("CICERO_TIKTOK_URL", tiktok.url)
        yield {Platform.INSTA: insta, Platform.TIKTOK: tiktok}


def test_both_platforms_are_fetched_and_shown(cicero: Run, hosts: dict[Platform, StandIn]) -> None:
    result = cicero(*SEMUA)

    assert (result.exit_code, result.stderr) == (0, "")
    assert [line.split()[:5] for line in result.stdout.splitlines()] == [
        ["client", "platform", "status", "posts", "new"],
        ["POLRES_A", "insta", "done", "1", "1"],
        ["POLRES_A", "tiktok", "done", "1", "1"],
    ]


def test_a_quota_that_ends_on_one_platform_leaves_the_other_its_own(
    cicero: Run, hosts: dict[Platform, StandIn]
) -> None:
    hosts[Platform.INSTA].faults.add(Fault(kind=FaultKind.MONTHLY_QUOTA))

    first, second = cicero(*SEMUA, "--json"), cicero(*SEMUA, "--json")

    assert first.exit_code == second.exit_code == 75
    for result in (first, second):
        runs = {run["platform"]: run["status"] for run in json.loads(result.stdout)["runs"]}
        assert runs[Platform.TIKTOK] == "done"


def test_what_failed_is_named_with_its_platform(
    cicero: Run, hosts: dict[Platform, StandIn]
) -> None:
    hosts[Platform.TIKTOK].faults.add(Fault(kind=FaultKind.DETAIL))

    result = cicero(*SEMUA)

    assert result.exit_code == 3
    assert result.stderr.startswith("POLRES_A tiktok: GET /")


def test_a_client_with_one_account_has_one_run(cicero: Run, hosts: dict[Platform, StandIn]) -> None:
    cicero("client", "set", "polres_a", "--tiktok", "")

    result = cicero(*SEMUA, "--client", "polres_a", "--json")

    assert (result.exit_code, result.stderr) == (0, "")
    assert [run["platform"] for run in json.loads(result.stdout)["runs"]] == ["insta"]
    assert hosts[Platform.TIKTOK].requests == []


def test_a_dry_run_plans_both(cicero: Run, hosts: dict[Platform, StandIn]) -> None:
    plan = json.loads(cicero(*SEMUA, "--dry-run", "--json").stdout)["plan"]

    assert [row["platform"] for row in plan] == ["insta", "tiktok"]
    assert [server.requests for server in hosts.values()] == [[], []]


def test_cron_wakes_each_platform_by_itself(cicero: Run, hosts: dict[Platform, StandIn]) -> None:
    result = cicero("fetch", "semua", "--due")

    assert (result.exit_code, result.stderr) == (
        2,
        "cicero: --due is of one platform: cicero fetch insta --due\n",
    )
