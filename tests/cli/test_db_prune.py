"""`cicero db prune`: what an admin sees of it."""

from __future__ import annotations

import json

from cicero_cli.repositories.database.store import Store
from tests.conftest import Run


def test_what_goes_is_told_first_and_then_goes(cicero: Run, store: Store) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    store.connection.execute(
        "INSERT INTO runs (client_id, platform, status, started_at)"
        " VALUES ('POLRES_A', 'insta', 'done', '2020-01-01')"
    )

    rehearsed = json.loads(cicero("db", "prune", "--dry-run", "--json").stdout)
    assert rehearsed["dry_run"] is True
    assert rehearsed["removed"] == {
        "likes": 0, "comments": 0, "readings": 0, "runs": 1, "messages": 0, "attachments": 0, "audit": 0, "usage": 0,
    }  # fmt: skip
    unasked = cicero("db", "prune")
    assert (unasked.exit_code, unasked.stdout) == (1, "")
    assert unasked.stderr == (
        "cicero: Remove what is older than 400 days, for ever (figures stay)? Nothing was done"
        " (repeat the command with --yes)\n"
    )

    pruned = cicero("db", "prune", "--yes")
    assert pruned.stdout.split() == [
        "what", "rows", "likes", "0", "comments", "0", "readings", "0", "runs", "1",
        "messages", "0", "attachments", "0", "audit", "0", "usage", "0",
    ]  # fmt: skip
    assert "is held whole; --as-of before it is refused" in pruned.stderr

    cicero("user", "add", "1", "--client", "polres_a", "--nama", "Ani")
    for words in (
        ("absensi", "show", "insta", "--client", "polres_a"),
        ("absensi", "explain", "1"),
        ("laphar", "show", "insta", "--client", "polres_a"),
    ):
        refused = cicero(*words, "--as-of", "2021-01-01T20:00")
        assert refused.exit_code == 2
        assert "what was read before" in refused.stderr, words


def test_it_is_due_once_a_night(cicero: Run, store: Store) -> None:
    first = cicero("db", "prune", "--due")
    assert (first.exit_code, first.stdout.split()[:2]) == (0, ["what", "rows"])
    again = cicero("db", "prune", "--due")
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "")
    store.connection.execute("UPDATE pruning SET pruned_at = pruned_at - interval '2 days'")
    assert cicero("db", "prune", "--due").stdout != ""


def test_too_short_a_time_is_refused(cicero: Run) -> None:
    refused = cicero("db", "prune", "--keep", "30d", "--yes")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "cicero: --keep 30d: expected days such as 400d, at least 90d\n",
    )
