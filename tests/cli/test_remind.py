from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, likes, shown

FIRST = at("2026-11-21 05:10")  # 12:10 in Jakarta


@pytest.fixture(autouse=True)
def a_post_that_ani_liked(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> Iterator[time_machine.Coordinates]:
    """Ani has liked it, Budi and Citra have not."""
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    monkeypatch.setenv("CICERO_WA_GAP_USER", "0")
    with time_machine.travel(FIRST, tick=False) as travel:
        cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
        for number, nama in enumerate(("Ani", "Budi", "Citra"), start=1):
            cicero(
                "user", "add", f"{number}", "--client", "polres_a", "--nama", nama,
                "--insta", nama, "--whatsapp", f"08121111000{number}",
            )  # fmt: skip
        posts = store.posts(Platform.INSTA)
        posts.store("POLRES_A", [shown("p1", "2026-11-21 01:00", 1)], now=FIRST)
        [(post_id,)] = store.connection.execute("SELECT post_id FROM insta_post").fetchall()
        store.engagement(Platform.INSTA).store(post_id, likes("ani"), now=FIRST)
        yield travel


def arrived() -> list[str]:
    lines = Path("messages.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["recipient"] for line in lines]


def test_who_has_posts_left_is_reminded(cicero: Run, store: Store) -> None:
    result = cicero("remind")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        "client    stage      users    queued  until\n"
        "POLRES_A  first          2         2  2026-11-21 16:10 WIB\n",
        "2 reminders: sender default, about 0 minutes (until 12:10 WIB)\n",
    )
    assert cicero("outbox", "deliver").stdout == "2 accepted\n"
    assert arrived() == ["6281211110002", "6281211110003"]


def test_a_second_run_in_the_slot_queues_nobody_twice(cicero: Run, store: Store) -> None:
    cicero("remind")
    result = cicero("remind")
    assert result.stdout.splitlines()[1].split()[:4] == ["POLRES_A", "first", "2", "0"]
    assert len(store.outbox.list_newest()) == 2


def test_how_long_it_takes_and_how_many_expire_is_said_before_they_are_queued(
    cicero: Run, monkeypatch: pytest.MonkeyPatch, a_post_that_ani_liked: time_machine.Coordinates
) -> None:
    monkeypatch.setenv("CICERO_WA_GAP_USER", "600")
    a_post_that_ani_liked.move_to(at("2026-11-21 08:55"))  # 15 minutes before the next slot
    result = cicero("remind", "--json")
    assert result.stderr == (
        "2 reminders: sender default, about 20 minutes (until 16:15 WIB); 1 will expire unsent"
        " (CICERO_WA_GAP_USER, CICERO_WA_DAILY_CAP, cicero wa add)\n"
    )
    document = json.loads(result.stdout)
    assert (document["seconds"], document["will_expire"]) == (1200.0, 1)
    assert document["reminders"][0]["queued"] == 2
    again = cicero("remind")
    assert again.stderr.startswith("no reminder is new\n")


def test_a_pool_shares_the_reminders_and_a_long_queue_says_what_one_would_gain(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WA_GAP_USER", "4000")
    alone = cicero("remind", "--dry-run")
    assert alone.stderr.splitlines()[0] == (
        "2 reminders: sender default, about 2 h 13 min (until 14:23 WIB); five senders would take 27 minutes"
    )
    for name in ("satu", "dua"):
        cicero("wa", "add", name, "--gateway", "file", "--url", name, "--pool", "--gap-user", "600")
    shared = cicero("remind", "--json")
    assert shared.stderr == (
        "2 reminders: 2 senders at once (dua 1, satu 1), about 10 minutes (until 12:20 WIB)\n"
    )
    assert json.loads(shared.stdout)["senders"] == [
        {"sender": name, "messages": 1, "seconds": 600.0, "will_expire": 0}
        for name in ("dua", "satu")
    ]
    delivered = cicero("outbox", "deliver")
    assert delivered.stdout == "2 accepted\n"
    assert Path("dua").exists()
    assert Path("satu").exists()


def test_a_dry_run_shows_recipients_and_texts_and_queues_nothing(cicero: Run, store: Store) -> None:
    result = cicero("remind", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.startswith("to 6281211110002:\nSelamat siang, Budi.\n")
    assert result.stdout.count("https://www.instagram.com/p/p1/") == 2
    assert result.stderr.endswith("nothing was queued\n")
    assert store.outbox.list_newest() == []


def test_only_the_named_clients_people_are_reminded(cicero: Run, store: Store) -> None:
    cicero("client", "add", "polres_b", "--nama", "Polres B")
    assert cicero("remind", "--client", "polres_b").exit_code == 0
    assert store.outbox.list_newest() == []
    assert cicero("remind", "--client", "polres_x").exit_code == 2


def test_who_has_no_number_is_counted(cicero: Run) -> None:
    cicero("user", "set", "2", "--whatsapp", "")
    cicero("user", "add", "4", "--client", "polres_a", "--nama", "Dewi", "--exception")

    result = cicero("remind")

    assert result.stderr == (
        "1 reminder: sender default, about 0 minutes (until 12:10 WIB)\n"
        "POLRES_A: 1 without a number get no reminder (cicero user list --client POLRES_A)\n"
    )
    [row] = json.loads(cicero("remind", "--json").stdout)["reminders"]
    assert (row["users"], row["without_number"]) == (1, 1)


def test_who_opts_out_after_queueing_is_left_alone(cicero: Run, store: Store) -> None:
    cicero("remind")
    store.connection.execute("""UPDATE "user" SET wa_opt_in = false WHERE user_id = '2'""")
    result = cicero("outbox", "deliver")
    assert result.stdout == "1 accepted, 1 cancelled\n"
    assert arrived() == ["6281211110003"]


def test_in_quiet_hours_reminders_wait_and_reports_do_not(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_QUIET_HOURS", "12:00-13:00")
    monkeypatch.setenv("ADMIN_WHATSAPP", "081211110009")
    cicero("remind")
    cicero("laphar", "send", "insta")
    assert cicero("outbox", "deliver").stdout == "1 accepted\n"
    assert arrived() == ["6281211110009"]


def test_the_units_own_wording_is_used(
    cicero: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "reminder.txt.j2").write_text("Halo {{ name }}: {{ left }}", encoding="utf-8")
    monkeypatch.setenv("CICERO_TEMPLATES", str(tmp_path))
    assert "Halo Budi: 1" in cicero("remind", "--dry-run").stdout
    (tmp_path / "reminder.txt.j2").write_text("Halo {{ nobody }}", encoding="utf-8")
    result = cicero("remind")
    assert (result.exit_code, result.stdout) == (78, "")
    assert "reminder.txt.j2" in result.stderr
