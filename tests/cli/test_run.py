"""What the fetches of last night did: a list, and one whole."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.words import Text
from tests.conftest import Run as RunCommand


@pytest.fixture
def runs(cicero: RunCommand, store: Store) -> list[int]:
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    cicero("client", "add", "polres_b", "--nama", "Polres B", "--insta", "polres.b")
    ids = []
    for hours, client_id, error in (
        (30, "POLRES_A", None),
        (3, "POLRES_A", Text("TikTok knows no account {username}", username="polres_a")),
        (2, "POLRES_B", None),
    ):
        began = clock.now() - timedelta(hours=hours)
        run_id = store.runs.start(client_id, Platform.INSTA, now=began)
        status = RunStatus.FAILED if error else RunStatus.DONE
        run = Run(
            client_id=client_id,
            platform=Platform.INSTA,
            status=status,
            posts=3,
            new=40,
            requests=5,
            error=error,
            error_code="account_unknown" if error else None,
        )
        store.runs.finish(run_id, run, now=began + timedelta(minutes=1))
        ids.append(run_id)
    return ids


def numbers(out: str) -> list[int]:
    return [row["run_id"] for row in json.loads(out)]


def test_the_newest_fetches_are_listed_with_what_went_wrong(
    runs: list[int], cicero: RunCommand
) -> None:
    oldest, failed, newest = runs
    listed = cicero("run", "list")

    assert numbers(cicero("run", "list", "--json").stdout) == [newest, failed]
    assert listed.stderr == f"{failed}: TikTok knows no account polres_a\n"
    assert numbers(cicero("run", "list", "--days", "2", "--json").stdout) == [
        newest,
        failed,
        oldest,
    ]
    assert numbers(cicero("run", "list", "--client", "polres_a", "--json").stdout) == [failed]
    assert numbers(cicero("run", "list", "--status", "done", "--json").stdout) == [newest]
    assert cicero("run", "list", "--status", "partial").stderr == (
        "no run fits; a wider view: --days 7\n"
    )


def test_one_fetch_is_shown_whole(runs: list[int], cicero: RunCommand) -> None:
    shown = json.loads(cicero("run", "show", str(runs[1]), "--json").stdout)

    assert (shown["client_id"], shown["error_code"], shown["requests"], shown["error"]) == (
        "POLRES_A",
        "account_unknown",
        5,
        "TikTok knows no account polres_a",
    )
    absent = cicero("run", "show", "999999")
    assert (absent.exit_code, absent.stderr) == (
        2,
        "cicero: there is no run 999999 (see: cicero run list)\n",
    )
