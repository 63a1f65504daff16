from __future__ import annotations

import json
from pathlib import Path

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.access.actors import Actor
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.refusals import note_refusal
from tests.conftest import Run
from tests.services.fakes import BY

ADD_A = ("client", "add", "polres_a", "--nama", "Polres A")
ADD_B = ("client", "add", "polres_b", "--nama", "Polres B")


def test_an_account_is_added_with_secrets_that_are_shown_once(cicero: Run) -> None:
    cicero(*ADD_A)
    added = cicero("account", "add", "Budi.Humas", "--role", "operator", "--client", "polres_a")
    first, password, code = added.stdout.splitlines()
    assert first == "Account budi.humas added (operator)."
    assert password.startswith("password: ")
    assert code.startswith("access code: ")
    assert len(password.removeprefix("password: ")) == 23
    assert "only their hashes are kept" in added.stderr

    listed = cicero("account", "list")
    assert listed.stdout == (
        "username    role      active    access code    clients\n"
        "budi.humas  operator  yes       yes            POLRES_A\n"
    )
    (row,) = json.loads(cicero("account", "list", "--json").stdout)
    created = row.pop("created_at")
    assert created.endswith(("Z", "+00:00"))
    assert row == {
        "username": "budi.humas",
        "role": "operator",
        "active": True,
        "has_access_code": True,
        "client_ids": ["POLRES_A"],
        "dashboard_role": None,
        "whatsapp": None,
    }
    shown = cicero("account", "list", "--json").stdout + cicero("account", "log").stdout
    assert password.removeprefix("password: ") not in shown
    assert code.removeprefix("access code: ") not in shown


def test_a_dashboards_role_and_the_owners_number_are_set_and_taken_away(cicero: Run) -> None:
    cicero("account", "add", "dit", "--role", "admin")

    def change(*words: str) -> tuple[str | None, str | None]:
        told = json.loads(cicero("account", "set", "dit", *words, "--json").stdout)
        return told["dashboard_role"], told["whatsapp"]

    assert change("--dashboard-role", "DitBinmas") == ("ditbinmas", None)
    assert change("--whatsapp", "0812-0000-0001") == ("ditbinmas", "6281200000001")
    for words in (("--dashboard-role", "admin"), ("--dashboard-role", "a b"), ("--whatsapp", "1")):
        refused = cicero("account", "set", "dit", *words)
        assert (refused.exit_code, "nothing was changed" in refused.stderr) == (2, True)
    assert "6281200000001" not in cicero("account", "log").stdout
    assert change("--dashboard-role", "", "--whatsapp", "") == (None, None)


def test_secrets_are_different_each_time(cicero: Run) -> None:
    secrets = set()
    for name in ("satu", "dua", "tiga"):
        told = json.loads(cicero("account", "add", name, "--role", "ADMIN", "--json").stdout)
        secrets |= {told["password"], told["access_code"]}
    assert len(secrets) == 6


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("x", "--role", "admin"), "username 'x': expected 3 to 64"),
        (("budi", "--role", "boss"), "--role 'boss': expected admin, operator or viewer"),
        (("budi", "--role", "viewer"), "sees only the clients it is given"),
        (("budi", "--client", "polres_x"), "there is no client POLRES_X"),
        (("bos", "--role", "admin"), "account bos exists already"),
    ],
)
def test_a_wrong_account_changes_nothing(cicero: Run, words: tuple[str, ...], line: str) -> None:
    cicero(*ADD_A)
    cicero("account", "add", "bos", "--role", "admin")
    before = cicero("account", "list", "--json").stdout
    refused = cicero("account", "add", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert line in refused.stderr
    assert cicero("account", "list", "--json").stdout == before


def test_an_account_is_changed_and_removed_and_the_log_says_by_whom(cicero: Run) -> None:
    cicero(*ADD_A)
    cicero(*ADD_B)
    cicero("account", "add", "budi", "--client", "polres_a")
    changed = cicero(
        "account", "set", "BUDI", "--role", "Operator", "--client", "polres_b", "--new-password"
    )
    assert changed.exit_code == 0
    assert changed.stdout.startswith(
        "Account budi changed.\n  role: viewer > operator\n  client_ids: POLRES_A > POLRES_B\npassword: "
    )
    assert "0 sessions of budi ended" in changed.stderr
    (row,) = json.loads(cicero("account", "list", "--json").stdout)
    assert (row["role"], row["client_ids"]) == ("operator", ["POLRES_B"])

    same = cicero("account", "set", "budi", "--role", "operator", "--client", "POLRES_B")
    assert (same.stdout, same.stderr) == ("Nothing is different: that is on file already.\n", "")

    lost = cicero("account", "set", "budi", "--client", "")
    assert "cannot log in before it is given a client" in lost.stderr
    revoked = cicero("account", "set", "budi", "--revoke-access-code", "--json")
    document = json.loads(revoked.stdout)
    assert document["has_access_code"] is False
    assert document["changed"] == {"has_access_code": {"old": True, "new": False}}
    assert cicero("account", "set", "budi").exit_code == 2

    assert cicero("account", "remove", "budi").exit_code == 1
    assert cicero("account", "remove", "budi", "--yes").stdout == "Account budi removed.\n"
    assert cicero("account", "remove", "budi", "--yes").exit_code == 2

    log = json.loads(cicero("account", "log", "Budi", "--json").stdout)
    assert [entry["action"] for entry in log] == [
        "account.removed",
        "account.changed",
        "account.changed",
        "account.changed",
        "account.added",
    ]
    assert {entry["actor"].split(":")[0] for entry in log} == {"cli"}
    assert log[3]["details"] == {
        "role": "operator",
        "clients": ["POLRES_B"],
        "new_password": True,
    }


def test_every_change_of_clients_and_users_is_in_the_log(cicero: Run) -> None:
    Path("a.csv").write_text("nrp,nama\n2,Siti\n3,Eko\n", encoding="utf-8")
    for words in (
        ADD_A,
        ("client", "set", "polres_a", "--insta", "polres.a", "--timezone", "WITA"),
        ("user", "add", "1", "--client", "polres_a", "--nama", "Budi"),
        ("user", "set", "1", "--whatsapp", "081234567890"),
        ("user", "import", "a.csv", "--client", "polres_a", "--dry-run"),
        ("user", "import", "a.csv", "--client", "polres_a"),
        ("user", "import", "a.csv", "--client", "polres_a"),
        ("user", "remove", "1", "--yes"),
        ("client", "remove", "polres_a", "--yes"),
    ):
        assert cicero(*words).exit_code == 0, words
    log = json.loads(cicero("account", "log", "--json").stdout)
    assert [(line["action"], line["subject"], line["details"]) for line in reversed(log)] == [
        ("client.added", "POLRES_A", {}),
        ("client.changed", "POLRES_A", {"fields": ["client_insta", "timezone"]}),
        ("user.added", "1", {}),
        ("user.changed", "1", {"fields": ["whatsapp"]}),
        (
            "users.imported",
            "POLRES_A",
            {
                "import": 1,
                "new": 2,
                "changed": 0,
                "deactivated": 0,
                "transferred": 0,
                "leave": 0,
                "bad_rows": 0,
                "written": 2,
            },
        ),
        ("user.removed", "1", {}),
        ("client.removed", "POLRES_A", {}),
    ]
    assert {line["actor"].partition(":")[0] for line in log} == {"cli"}
    assert {line["client_id"] for line in log} == {"POLRES_A"}


def test_what_was_refused_leaves_no_line_in_the_log(cicero: Run) -> None:
    cicero(*ADD_A)
    Path("a.csv").write_text("nrp,nama\n2,\n", encoding="utf-8")
    for words in (
        ADD_A,
        ("client", "set", "polres_a", "--timezone", "Mars"),
        ("client", "remove", "polres_b", "--yes"),
        ("user", "add", "1", "--client", "polres_a", "--nama", ""),
        ("user", "set", "1", "--nama", "Budi"),
        ("user", "remove", "1", "--yes"),
        ("user", "import", "a.csv", "--client", "polres_a"),
    ):
        assert cicero(*words).exit_code == 2, words
    (line,) = json.loads(cicero("account", "log", "--json").stdout)
    assert line["action"] == "client.added"


def test_nothing_in_the_log_moves_the_terminal_or_looks_like_another_line(
    cicero: Run, store: Store
) -> None:
    by = Actor("\x1b[2J\rroot\n2026-01-15 05:00  admin", BY.at, "\u202e1.0.0.721")
    store.audit.add("login.failed", by, subject="x\ty", details={"role": "a\x9bb"})
    heading, line = cicero("account", "log").stdout.splitlines()
    assert heading.startswith("at  ")
    assert line.isprintable()
    assert line.startswith(
        "2026-01-15 12:00 WIB  \ufffd[2J root 2026-01-15 05:00 admin  login.failed"
    )
    (entry,) = json.loads(cicero("account", "log", "--json").stdout)
    assert entry["actor"] == by.name


def test_no_error_moves_the_terminal(cicero: Run) -> None:
    typed = "\x1b]0;judul\x07\u202ebudi"
    for words in (("account", "set", typed), ("account", "remove", typed, "--json")):
        result = cicero(*words, "--log-out") if "set" in words else cicero(*words)
        assert result.exit_code == 2
        assert result.stderr.replace("\n", "").isprintable(), result.stderr


def test_the_log_says_beside_it_how_many_were_turned_away(cicero: Run, store: Store) -> None:
    for kind in ("login.failed", "login.failed", "login.slowed"):
        note_refusal(store, kind, Actor("(unknown name)", clock.now(), "192.0.2.1"))

    result = cicero("account", "log")

    assert len(result.stdout.splitlines()) == 4
    assert result.stderr == "turned away in the last 24 hours: login.failed 2, login.slowed 1\n"
