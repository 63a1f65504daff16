"""`absensi changes`: a sent report keeps its figures, and every difference from them has a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, likes, set_clock, shown

DAY = "2026-01-15"
READ = at(f"{DAY} 04:00")
TO = ("--to", "120363025912345678@g.us")


@pytest.fixture(autouse=True)
def unit(cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ani, Budi and Citra; two posts, which Ani has liked, Budi one of them; the report of the day is sent."""
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    cicero("client", "add", "polres_b", "--nama", "Polres B")
    for user_id, nama in (("1", "Ani"), ("2", "Budi"), ("3", "Citra")):
        cicero("user", "add", user_id, "--client", "polres_a", "--nama", nama, "--insta", nama)
    store.posts(Platform.INSTA).store(
        "POLRES_A", [shown("p1", f"{DAY} 03:00"), shown("p2", f"{DAY} 03:10")], now=READ
    )
    engage(store, "p1", "ani", "budi")
    engage(store, "p2", "ani", "dodi")
    store.posts(Platform.INSTA).remember_listing(
        "POLRES_A", date(2026, 1, 15), date(2026, 1, 15), now=READ
    )
    sent = send(cicero)
    assert sent == 1


def engage(store: Store, key: str, *handles: str, now: object = READ) -> None:
    posts = store.posts(Platform.INSTA)
    [post] = [
        one
        for one in posts.list("POLRES_A", first_day=READ.date(), last_day=READ.date())
        if one.post_key == key
    ]
    store.engagement(Platform.INSTA).store(post.post_id, likes(*handles), now=now)  # type: ignore[arg-type]


def send(cicero: Run, *words: str) -> int:
    sent = cicero(
        "laphar", "send", "insta", "--client", "polres_a", "--date", DAY, *TO, "--json", *words
    )
    assert sent.exit_code == 0, sent.stderr
    queued: int = json.loads(sent.stdout)["reports"][0]["queued"]
    return queued


def changes(cicero: Run, *words: str) -> dict[str, Any]:
    found = cicero(
        "absensi", "changes", "--client", "polres_a", "--date", DAY, "--platform", "insta",
        "--json", *words,
    )  # fmt: skip
    assert found.exit_code == 0, found.stderr
    [document] = json.loads(found.stdout)
    return dict(document)


def reasons(cicero: Run, *words: str) -> dict[str, list[str]]:
    return {
        user["nama"]: [reason["reason"] for reason in user["reasons"]]
        for user in changes(cicero, *words)["users"]
    }


def absensi(cicero: Run, *words: str) -> str:
    found = cicero("absensi", "show", "insta", "--client", "polres_a", "--json", *words)
    assert found.exit_code == 0, found.stderr
    return found.stdout


def test_a_report_keeps_its_figures_to_the_letter_once_per_slot(cicero: Run, store: Store) -> None:
    before = absensi(cicero, "--date", DAY)
    assert changes(cicero)["users"] == []
    assert send(cicero) == 0
    assert send(cicero, "--again") == 1
    count = "SELECT count(*), count(DISTINCT report_id) FROM outbox"
    assert store.connection.execute(count).fetchone() == (2, 1)
    name = changes(cicero)["report"]["id"]

    sent_text = store.connection.execute("SELECT min(body) FROM outbox").fetchone()
    cicero("user", "remove", "1", "--erase", "--yes")
    cicero("client", "set", "polres_a", "--nama", "Polres Abc", "--threshold", "1", "--from", DAY)
    engage(store, "p1", "citra", now=at("2026-02-01"))

    assert absensi(cicero, "--as-of", name) == before
    assert absensi(cicero, "--date", DAY) != before
    assert send(cicero, "--again") == 1
    assert store.connection.execute(count).fetchone() == (3, 2)
    assert changes(cicero)["users"] == []
    assert reasons(cicero, "--as-of", name)["Ani"] == ["erased"]

    for words, said in (
        (("--as-of", "laphar:99"), "POLRES_A has no report laphar:99"),
        (("--as-of", name, "--date", "2026-01-16"), "is of 2026-01-15"),
    ):
        refused = cicero("absensi", "show", "insta", "--client", "polres_a", *words)
        assert refused.exit_code != 0
        assert said in refused.stderr
    other = cicero("absensi", "show", "tiktok", "--client", "polres_a", "--as-of", name)
    assert "is not about tiktok" in other.stderr

    laphar = cicero("laphar", "show", "insta", "--as-of", name, "--json")
    told = json.loads(laphar.stdout)
    assert (told.pop("text").strip(),) == sent_text
    assert told == json.loads(before)
    for words, said in (
        (("--as-of", "laphar:99"), "there is no report laphar:99"),
        (("--as-of", name, "--client", "polres_b"), f"{name} is a report of POLRES_A"),
        (("--as-of", name, "--per-konten"), "--per-konten goes with a moment"),
    ):
        refused = cicero("laphar", "show", "insta", *words)
        assert (refused.exit_code != 0, refused.stderr.count("\n")) == (True, 1)
        assert said in refused.stderr
    explained = cicero("absensi", "explain", "2", "--platform", "insta", "--as-of", name)
    assert explained.stdout.startswith(f"Budi (2), POLRES_A, {DAY}; times in WIB\n")
    assert "liked 1 of 2 posts" in explained.stdout


def test_each_person_has_the_reason_for_the_difference(cicero: Run, store: Store) -> None:
    name = changes(cicero)["report"]["id"]
    for words in (
        ("user", "set", "1", "--title", "AKP", "--from", DAY),
        ("user", "set", "2", "--insta", "dodi"),
        ("user", "leave", "3", "--from", DAY, "--until", DAY, "--reason", "cuti"),
    ):
        assert cicero(*words).exit_code == 0
    assert reasons(cicero) == {"Ani": ["facts"], "Budi": ["handle"], "Citra": ["leave"]}

    table = cicero("absensi", "changes", "--client", "polres_a", "--date", DAY)
    lines = table.stdout.splitlines()
    assert lines[2].split()[3:] == [
        "Budi",
        "1/2",
        "kurang",
        "2/2",
        "lengkap",
        "@dodi",
        "on",
        "p2",
        "counts",
        "since",
    ]
    assert f"POLRES_A insta {DAY}: {name} of " in table.stderr
    assert "said 2 of 3 sudah, now it is 3 of 3" in table.stderr


def test_readings_corrections_and_posts_are_reasons(cicero: Run, store: Store) -> None:
    why = ("--reason", "bukti layar")
    with_late = cicero("absensi", "accept", "3", "--post", "p1", *why)
    assert with_late.exit_code == 0
    engage(store, "p2", "budi", now=at("2099-01-01"))
    assert reasons(cicero) == {"Budi": ["late"], "Citra": ["accepted"]}

    cicero("post", "exclude", "p1", *why)
    found = reasons(cicero)
    assert found["Ani"] == ["post_excluded"]
    assert set(found["Citra"]) == {"post_excluded", "accepted"}


def test_who_left_and_a_threshold_are_reasons(cicero: Run, store: Store) -> None:
    cicero("user", "set", "3", "--inactive", "--from", DAY)
    cicero("client", "set", "polres_a", "--threshold", "1", "--from", DAY)
    assert reasons(cicero) == {"Citra": ["retired"], "Budi": ["threshold"]}
    cicero("user", "add", "4", "--client", "polres_a", "--nama", "Dewi")
    assert reasons(cicero)["Dewi"] == ["added"]


def test_a_reading_that_was_under_way_when_the_report_was_written_is_a_reason(
    cicero: Run, store: Store
) -> None:
    engage(store, "p2", "budi", now=at(f"{DAY} 04:01"))  # before the report, and committed after it

    assert reasons(cicero) == {"Budi": ["meanwhile"]}


def test_whose_unit_left_the_tree_or_came_back_has_not_moved(cicero: Run) -> None:
    cicero("client", "add", "dit", "--nama", "Ditbinmas", "--audience", "below")
    cicero("client", "set", "polres_a", "--under", "dit", "--from", DAY)
    sent = cicero("laphar", "send", "insta", "--client", "dit", "--date", DAY, *TO)
    assert sent.exit_code == 0, sent.stderr
    for under, was, now in (("", 3, 0), ("dit", 0, 3)):
        cicero("client", "set", "polres_a", "--under", under, "--from", DAY)

        found = cicero("absensi", "changes", "--client", "dit", "--date", DAY, "--json")
        [document] = json.loads(found.stdout)
        assert {reason["reason"] for user in document["users"] for reason in user["reasons"]} == {
            "audience"
        }
        assert [document["summary"][when]["users"] for when in ("was", "now")] == [was, now]
        cicero("laphar", "send", "insta", "--client", "dit", "--date", DAY, *TO, "--again")


def test_a_day_without_a_report_has_nothing_to_compare(cicero: Run) -> None:
    found = cicero("absensi", "changes", "--client", "polres_a", "--date", "2026-01-16")
    assert found.exit_code == 2
    assert "no report of that day was sent" in found.stderr


def test_an_explanation_tells_leave_transfers_and_which_handle_counted_when(cicero: Run) -> None:
    for words in (
        ("user", "set", "2", "--insta", "dodi"),
        ("user", "leave", "2", "--from", DAY, "--until", DAY, "--reason", "cuti"),
        ("user", "set", "2", "--client", "polres_b"),
    ):
        assert cicero(*words).exit_code == 0
    asked = ("absensi", "explain", "2", "--date", DAY)
    told = cicero(*asked).stdout
    assert f"  {DAY}..{DAY}: POLRES_A, on leave: cuti\n" in told
    assert "POLRES_A, not on the roster\n" in told
    assert "..: POLRES_B\n" in told
    assert "  insta @budi counts at POLRES_A: ..\n" in told
    history = json.loads(cicero(*asked, "--json").stdout)["history"]
    assert {span["username"] for span in history["handles"]} == {"budi", "dodi"}
    assert next(days["client_id"] for days in history["days"] if days["status"]) == "POLRES_B"


def test_another_id_and_who_was_removed_are_of_the_past_too(cicero: Run) -> None:
    moment = ("--as-of", clock.now().isoformat(), "--date", DAY)
    before = absensi(cicero, *moment)
    explained = explain(cicero, "2", *moment)

    assert cicero("user", "set", "2", "--id", "22", "--insta", "budi.baru").exit_code == 0
    assert cicero("user", "add", "2", "--client", "polres_b", "--nama", "Eka").exit_code == 0
    assert cicero("user", "set", "22", "--id", "222").exit_code == 0
    assert absensi(cicero, *moment) == before
    assert [user["user_id"] for user in json.loads(before)["users"]] == ["1", "2", "3"]
    assert reasons(cicero) == {}
    assert explain(cicero, "222", *moment)["insta"] == explained["insta"]
    taken = ("--insta", "budi", "--insta", "budi.dua")
    assert cicero("user", "set", "222", *taken).exit_code == 0
    assert cicero("user", "set", "222", "--insta", "budi.baru", "--was-wrong").exit_code == 0
    assert explain(cicero, "222", *moment)["insta"] == explained["insta"]
    assert cicero("user", "set", "222", "--insta", "budi", "--insta", "budi.baru").exit_code == 0

    assert cicero("user", "remove", "222", "--yes").exit_code == 0
    for words in ("222", "budi.baru", "Budi"):
        gone = explain(cicero, words, "--date", DAY)
        assert (gone["nama"], gone["insta"]["status"]) == ("Budi", "kurang")
    assert absensi(cicero, *moment) == before
    asked = cicero("user", "remove", "222", "--erase")
    assert "past days too? 1 reports that were sent can then no longer be proved." in asked.stderr
    assert cicero("user", "remove", "222", "--erase", "--yes").exit_code == 0
    assert cicero("absensi", "explain", "222", "--date", DAY).exit_code == 2


def explain(cicero: Run, *words: str) -> dict[str, Any]:
    told = cicero("absensi", "explain", *words, "--platform", "insta", "--json")
    assert told.exit_code == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def test_who_turned_reminders_off_or_on_that_day_is_named(cicero: Run, store: Store) -> None:
    set_clock(store, f"{DAY} 05:00")
    ani, budi = store.users.get("1"), store.users.get("2")
    assert ani
    assert budi
    for user, wants in ((ani, False), (budi, False), (budi, True)):
        store.users.update(replace(user, wa_opt_in=wants))
    assert changes(cicero)["reminders"] == [
        {"user_id": "1", "nama": "Ani", "wants_reminders": False, "at": f"{DAY}T12:00:00+07:00"},
        {"user_id": "2", "nama": "Budi", "wants_reminders": True, "at": f"{DAY}T12:00:00+07:00"},
    ]
    told = cicero("absensi", "changes", "--client", "polres_a", "--date", DAY).stderr
    assert "POLRES_A: reminders turned off that day: Ani (1)\n" in told
    assert "POLRES_A: reminders turned on that day: Budi (2)\n" in told
