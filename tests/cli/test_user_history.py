"""What was, on purpose: `user set --from`, `--was-wrong`, `user leave`, `user remove --erase`, `client set --from`."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, likes, shown

DAY = date(2026, 1, 15)
LATER = DAY + timedelta(days=5)


@pytest.fixture(autouse=True)
def unit(cicero: Run, store: Store) -> None:
    """A client with two people and a post on each of two past days, which the handle `ani` liked."""
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    for user_id, nama in (("1", "Ani"), ("2", "Budi")):
        cicero("user", "add", user_id, "--client", "polres_a", "--nama", nama, "--insta", nama)
    posts = store.posts(Platform.INSTA)
    for day in (DAY, LATER):
        posts.store("POLRES_A", [shown(f"{day}", f"{day} 03:00")], now=at("2026-01-21"))
    for post in posts.list("POLRES_A", first_day=DAY, last_day=LATER):
        store.engagement(Platform.INSTA).store(post.post_id, likes("ani"), now=at("2026-01-21"))


def absensi(cicero: Run, day: date, client: str = "polres_a") -> dict[str, Any]:
    shown_day = cicero("absensi", "show", "insta", "--client", client, "--date", f"{day}", "--json")
    assert shown_day.exit_code == 0, shown_day.stderr
    found: dict[str, Any] = json.loads(shown_day.stdout)
    return found


def statuses(cicero: Run, day: date, client: str = "polres_a") -> dict[str, str]:
    return {user["nama"]: user["status"] for user in absensi(cicero, day, client)["users"]}


def test_what_happens_today_leaves_past_days_as_they_were(cicero: Run) -> None:
    before = absensi(cicero, DAY)
    for words in (
        ("user", "set", "2", "--inactive"),
        ("user", "set", "1", "--insta", "ani.baru", "--title", "AKP", "--exception"),
        ("client", "set", "polres_a", "--threshold", "1", "--timezone", "WIT", "--nama", "Lain"),
        ("user", "remove", "2", "--yes"),
    ):
        assert cicero(*words).exit_code == 0
    assert absensi(cicero, DAY) == before


def test_a_user_is_inactive_from_a_past_day_on(cicero: Run) -> None:
    done = cicero("user", "set", "2", "--inactive", "--from", f"{LATER}")
    assert done.exit_code == 0, done.stderr
    assert statuses(cicero, DAY) == {"Ani": "lengkap", "Budi": "belum"}
    assert statuses(cicero, LATER) == {"Ani": "lengkap"}
    assert json.loads(cicero("user", "show", "2", "--json").stdout)["status"] is False


def test_a_user_was_something_else_on_some_days(cicero: Run, store: Store) -> None:
    words = ("--divisi", "BAG OPS", "--from", f"{DAY}", "--until", f"{DAY}")
    assert cicero("user", "set", "1", *words).exit_code == 0

    told = json.loads(cicero("user", "show", "1", "--json").stdout)
    assert [(one["from_day"], one["last_day"], one["divisi"]) for one in told["history"]] == [
        ("2026-01-16", None, None),
        ("2026-01-15", "2026-01-15", "BAG OPS"),
        (None, "2026-01-14", None),
    ]
    assert told["divisi"] is None
    assert "2026-01-15..2026-01-15  POLRES_A, BAG OPS, ani" in cicero("user", "show", "1").stdout
    actions = store.connection.execute("SELECT action FROM audit_log").fetchall()
    assert ("user.backdated",) in actions


def test_a_transfer_holds_from_a_past_day_on_with_all_that_the_person_was(
    cicero: Run, store: Store
) -> None:
    cicero("client", "add", "polres_b", "--nama", "Polres B")
    cicero("user", "add", "3", "--client", "polres_b", "--nama", "Citra")
    since = {"--from": f"{DAY + timedelta(days=2)}", "--until": f"{LATER}", "--reason": "dik"}
    cicero("user", "leave", "1", *[word for pair in since.items() for word in pair])
    posts = store.posts(Platform.INSTA)
    for day in (DAY, LATER):
        posts.store("POLRES_B", [shown(f"b{day}", f"{day} 03:00")], now=at("2026-01-21"))
    for post in posts.list("POLRES_B", first_day=DAY, last_day=LATER):
        store.engagement(Platform.INSTA).store(post.post_id, likes("ani"), now=at("2026-01-21"))
    before = absensi(cicero, DAY)
    words = ("--client", "polres_b", "--from", f"{DAY + timedelta(days=1)}", "--title", "AKP")
    moved = cicero("user", "set", "1", *words)
    assert moved.exit_code == 0, moved.stderr

    assert absensi(cicero, DAY) == before
    assert statuses(cicero, LATER) == {"Budi": "belum"}
    there = "polres_b"
    assert statuses(cicero, DAY, there) == {"Citra": "tanpa_username"}
    assert statuses(cicero, LATER, there) == {"Ani": "dikecualikan", "Citra": "tanpa_username"}
    (ani,) = [user for user in absensi(cicero, LATER, there)["users"] if user["nama"] == "Ani"]
    assert (ani["title"], ani["done"]) == ("AKP", 1)
    told = [line for line in cicero("user", "show", "1").stdout.splitlines() if ".." in line]
    assert ["POLRES_B" in line for line in told] == [True] * (len(told) - 1) + [False], told

    # back again, and only afterwards since when: each day has one place
    for since_when in ((), words[2:4]):
        assert cicero("user", "set", "1", "--client", "polres_a", *since_when).exit_code == 0
    assert statuses(cicero, LATER)["Ani"] == "dikecualikan"
    assert "Ani" not in statuses(cicero, LATER, there)
    assert statuses(cicero, DAY) == {"Ani": "lengkap", "Budi": "belum"}


def test_who_was_added_later_is_put_on_the_roster_of_earlier_days(
    cicero: Run, store: Store
) -> None:
    store.connection.execute("SELECT set_config('cicero.now', '2099-01-01', false)")
    store.connection.execute(
        "INSERT INTO \"user\" (user_id, client_id, nama) VALUES ('3', 'POLRES_A', 'Citra')"
    )
    assert "Citra" not in statuses(cicero, DAY)
    assert cicero("user", "set", "3", "--active", "--from", f"{LATER}").exit_code == 0
    assert "Citra" not in statuses(cicero, DAY)
    assert statuses(cicero, LATER)["Citra"] == "tanpa_username"


def test_who_is_put_on_earlier_days_has_leave_on_them_and_counts_once_above(
    cicero: Run, store: Store
) -> None:
    cicero("client", "add", "dit", "--nama", "Ditbinmas", "--audience", "below")
    cicero("client", "add", "polres_b", "--nama", "Polres B")
    cicero("user", "add", "9", "--client", "polres_b", "--nama", "Lama")
    # as if both had people for a month: whoever comes now has no past there
    for table in ("user_history", "client_history"):
        store.connection.execute(f"UPDATE {table} SET known_from = known_from - interval '30 days'")
    for client in ("polres_a", "polres_b"):
        cicero("client", "set", client, "--under", "dit", "--from", f"{DAY}")
    cicero("user", "set", "2", "--client", "polres_b")
    day = ("--from", f"{LATER}", "--until", f"{LATER}")
    assert cicero("user", "leave", "2", *day, "--reason", "cuti").exit_code == 0
    assert statuses(cicero, DAY, "polres_b") == {"Lama": "tanpa_username"}

    assert cicero("user", "set", "2", "--active", "--from", f"{DAY}").exit_code == 0

    assert statuses(cicero, DAY, "polres_b")["Budi"] == "lengkap"
    assert statuses(cicero, LATER, "polres_b")["Budi"] == "dikecualikan"
    above = absensi(cicero, DAY, "dit")["users"]
    assert sorted((user["nama"], user["client_id"]) for user in above) == [
        ("Ani", "POLRES_A"),
        ("Budi", "POLRES_A"),
        ("Lama", "POLRES_B"),
    ]


def test_who_is_put_on_a_few_earlier_days_is_on_those_alone(cicero: Run, store: Store) -> None:
    store.connection.execute("UPDATE user_history SET known_from = known_from - interval '30 days'")
    cicero("user", "add", "3", "--client", "polres_a", "--nama", "Citra")
    days = ("--from", f"{DAY}", "--until", f"{DAY + timedelta(days=1)}")
    assert cicero("user", "set", "3", "--active", *days).exit_code == 0

    found = {day: statuses(cicero, day).get("Citra") for day in (DAY, LATER)}
    assert found == {DAY: "tanpa_username", LATER: None}


def test_a_handle_that_never_was_the_users_counts_no_more(cicero: Run) -> None:
    assert cicero("user", "set", "1", "--insta", "ani.baru").exit_code == 0
    assert statuses(cicero, DAY)["Ani"] == "lengkap"  # a renamed account loses nothing

    cicero("user", "set", "1", "--insta", "ani")
    done = cicero("user", "set", "1", "--insta", "ani.asli", "--was-wrong")
    assert done.exit_code == 0, done.stderr
    assert statuses(cicero, DAY)["Ani"] == "belum"
    assert {u["nama"]: u["username"] for u in absensi(cicero, DAY)["users"]}["Ani"] == "ani.asli"


def test_leave_is_listed_and_ended_and_excepts_its_days(cicero: Run) -> None:
    words = ("--from", f"{DAY}", "--until", f"{LATER}", "--reason", "cuti", "--note", "tahunan")
    assert cicero("user", "leave", "2", *words).exit_code == 0
    assert statuses(cicero, DAY)["Budi"] == statuses(cicero, LATER)["Budi"] == "dikecualikan"
    again = cicero("user", "leave", "2", *words)
    assert again.exit_code != 0
    assert "is on leave from 2026-01-15 to 2026-01-20 already (cuti)" in again.stderr

    assert cicero("user", "leave", "2", "--end", "2026-01-17").exit_code == 0
    assert statuses(cicero, DAY)["Budi"] == "dikecualikan"
    assert statuses(cicero, LATER)["Budi"] == "belum"
    (listed,) = json.loads(cicero("user", "leave", "2", "--json").stdout)
    del listed["leave_id"]
    assert listed == {
        "first_day": "2026-01-15",
        "last_day": "2026-01-17",
        "reason": "cuti",
        "note": "tahunan",
    }


def test_leave_goes_along_to_another_client_and_another_id(cicero: Run) -> None:
    cicero("client", "add", "polres_b", "--nama", "Polres B")
    words = ("--from", f"{DAY}", "--until", "2099-01-01", "--reason", "dik")
    cicero("user", "leave", "2", *words)
    assert cicero("user", "set", "2", "--client", "polres_b").exit_code == 0
    assert cicero("user", "set", "2", "--id", "22").exit_code == 0

    told = json.loads(cicero("user", "show", "22", "--json").stdout)["history"]
    assert {(one["client_id"], one["leave"]) for one in told if one["last_day"] is None} == {
        ("POLRES_A", None),
        ("POLRES_B", None),
    }
    assert ("POLRES_B", "dik") in {(one["client_id"], one["leave"]) for one in told}
    assert len(json.loads(cicero("user", "leave", "22", "--json").stdout)) == 1


def test_a_removed_user_stays_on_past_days_unless_erased(cicero: Run) -> None:
    assert cicero("user", "remove", "2", "--yes").exit_code == 0
    assert statuses(cicero, DAY) == {"Ani": "lengkap", "Budi": "belum"}
    assert cicero("user", "remove", "1", "--erase", "--yes").exit_code == 0
    assert statuses(cicero, DAY) == {"Budi": "belum"}


def test_somebody_uses_several_accounts_at_once(cicero: Run, store: Store) -> None:
    given = cicero("user", "set", "2", "--insta", "budi", "--insta", "@Budi.Dua", "--json")
    told = json.loads(given.stdout)
    assert (told["insta"], told["extra_insta"], told["extra_tiktok"]) == ("budi", ["budi.dua"], [])
    assert "budi.dua" in cicero("user", "show", "2").stdout

    (post,) = store.posts(Platform.INSTA).list("POLRES_A", first_day=DAY, last_day=DAY)
    store.engagement(Platform.INSTA).store(
        post.post_id, likes("ani", "budi", "budi.dua"), now=at("2026-01-22")
    )
    (later,) = store.posts(Platform.INSTA).list("POLRES_A", first_day=LATER, last_day=LATER)
    store.engagement(Platform.INSTA).store(
        later.post_id, likes("ani", "budi.dua"), now=at("2026-01-22")
    )
    assert (
        statuses(cicero, DAY)
        == statuses(cicero, LATER)
        == dict.fromkeys(["Ani", "Budi"], "lengkap")
    )
    explained = cicero("absensi", "explain", "2", "--platform", "insta", "--date", f"{LATER}")
    assert "SEEN as @budi.dua" in explained.stdout

    cicero("user", "set", "2", "--insta", "budi")
    assert json.loads(cicero("user", "show", "2", "--json").stdout)["extra_insta"] == []
    assert statuses(cicero, LATER)["Budi"] == "lengkap"  # it was theirs


def test_an_account_that_never_was_theirs_counts_no_more(cicero: Run, store: Store) -> None:
    cicero("user", "set", "2", "--insta", "budi", "--insta", "ani.x")
    (post,) = store.posts(Platform.INSTA).list("POLRES_A", first_day=DAY, last_day=DAY)
    store.engagement(Platform.INSTA).store(post.post_id, likes("ani.x"), now=at("2026-01-22"))
    assert statuses(cicero, DAY)["Budi"] == "lengkap"
    assert cicero("user", "set", "2", "--insta", "budi", "--was-wrong").exit_code == 0
    assert statuses(cicero, DAY)["Budi"] == "belum"


def test_an_account_beside_the_main_one_is_nobody_elses(cicero: Run, tmp_path: Path) -> None:
    cicero("user", "set", "2", "--insta", "budi", "--insta", "budi.dua")
    added = ("user", "add", "3", "--client", "polres_a", "--nama", "Citra")
    for words in (
        (*added, "--insta", "budi.dua"),
        (*added, "--insta", "citra", "--insta", "budi"),
        ("user", "set", "1", "--insta", "budi.dua"),
        ("user", "set", "1", "--insta", "ani", "--insta", "budi.dua"),
    ):
        refused = cicero(*words)
        assert refused.exit_code == 2
        assert "Budi (2) has this handle, so " in refused.stderr
    assert cicero(*added, "--insta", "citra", "--insta", "citra.dua").exit_code == 0

    sheet = tmp_path / "people.csv"
    sheet.write_text("nrp,nama,insta\n1,Ani,budi.dua\n2,Budi,budi.baru\n", encoding="utf-8")
    stopped = cicero("user", "import", str(sheet), "--client", "polres_a")
    assert stopped.exit_code == 2, stopped.stderr
    assert "Ani (1) and Budi (2, line 3) cannot both have this handle" in stopped.stderr
    sheet.write_text("nrp,nama,insta\n2,Budi,budi.baru\n", encoding="utf-8")
    assert cicero("user", "import", str(sheet), "--client", "polres_a").exit_code == 0
    told = json.loads(cicero("user", "show", "2", "--json").stdout)
    assert (told["insta"], told["extra_insta"]) == ("budi.baru", ["budi.dua"])


def test_a_long_history_is_told_in_ten_lines(cicero: Run, store: Store) -> None:
    for day in range(1, 15):
        store.connection.execute(
            "SELECT set_config('cicero.now', %s, false)", (f"2027-01-{day:02} 05:00+07",)
        )
        store.connection.execute(
            """UPDATE "user" SET jabatan = %s WHERE user_id = '1'""", (f"BANIT {day}",)
        )
    few, whole = cicero("user", "show", "1"), cicero("user", "show", "1", "--all")
    assert ("BANIT 14" in few.stdout, "BANIT 4" in few.stdout) == (True, False)
    assert few.stderr == "… and 5 earlier: --all shows them\n"
    assert ("BANIT 4" in whole.stdout, whole.stderr) == (True, "")
    assert len(json.loads(cicero("user", "show", "1", "--json").stdout)["history"]) == 15


def test_a_removed_client_is_in_no_list_and_its_past_can_be_shown(cicero: Run) -> None:
    before = absensi(cicero, DAY)
    done = cicero("client", "remove", "polres_a", "--yes")
    assert (done.exit_code, done.stdout) == (0, "Client POLRES_A removed.\n")

    assert json.loads(cicero("client", "list", "--json").stdout) == []
    assert json.loads(cicero("user", "list", "--json").stdout) == []
    assert absensi(cicero, DAY) == before
    laphar = ("laphar", "show", "insta", "--client", "polres_a")
    assert "POLRES A" in cicero(*laphar, "--date", f"{DAY}").stdout.upper()
    for words in (laphar, ("absensi", "show", "insta", "--client", "polres_a")):
        refused = cicero(*words)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "client POLRES_A ended on" in refused.stderr
    for words in (
        ("client", "show", "polres_a"),
        ("client", "remove", "polres_a", "--yes"),
        ("user", "add", "3", "--client", "polres_a", "--nama", "Citra"),
    ):
        refused = cicero(*words)
        assert refused.exit_code == 2
        assert "client POLRES_A has ended (a day before that: cicero absensi" in refused.stderr


def test_a_removed_client_begins_anew_with_its_past(cicero: Run) -> None:
    before = statuses(cicero, DAY)
    cicero("client", "remove", "polres_a", "--yes")
    assert cicero("client", "add", "polres_a", "--nama", "Polres Baru").exit_code == 0
    assert cicero("user", "add", "3", "--client", "polres_a", "--nama", "Citra").exit_code == 0

    # it is the client's first day still, so that she counts on all its days
    assert statuses(cicero, DAY) == {**before, "Citra": "tanpa_username"}
    today = cicero("absensi", "show", "insta", "--client", "polres_a", "--json")
    assert [user["nama"] for user in json.loads(today.stdout)["users"]] == ["Citra"]


def test_an_erased_client_is_gone_and_it_is_said_what_goes(cicero: Run) -> None:
    asked = cicero("client", "remove", "polres_a", "--erase")
    assert asked.exit_code == 1
    assert (
        "Erase POLRES_A (Polres A) with 2 users, 2 posts, their likes and comments?"
        " 0 reports that were sent can then no longer be proved." in asked.stderr
    )
    cicero("client", "remove", "polres_a", "--yes")
    assert cicero("client", "remove", "polres_a", "--erase", "--yes").exit_code == 0
    gone = cicero("absensi", "show", "insta", "--client", "polres_a", "--date", f"{DAY}")
    assert (gone.exit_code, "there is no client POLRES_A" in gone.stderr) == (2, True)


def test_a_threshold_holds_from_a_past_day_on(cicero: Run) -> None:
    words = ("client", "set", "polres_a", "--threshold", "0.8", "--from", f"{LATER}")
    assert cicero(*words).exit_code == 0
    assert [absensi(cicero, day)["threshold"] for day in (DAY, LATER)] == [0.5, 0.8]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["user", "set", "1", "--insta", "x", "--from", "2026-01-15"],
            "--from goes with --client, --nama",
        ),
        (
            [
                "user",
                "set",
                "1",
                "--client",
                "polres_a",
                "--from",
                "2026-01-15",
                "--until",
                "2026-01-16",
            ],
            "--until goes without --client",
        ),
        (["user", "set", "1", "--inactive", "--from", "2099-01-01"], "a day that has come"),
        (["user", "set", "1", "--inactive", "--until", "2026-01-15"], "--until goes with --from"),
        (["user", "set", "1", "--title", "AKP", "--was-wrong"], "--was-wrong goes with another"),
        (
            ["user", "leave", "1", "--from", "2026-01-15"],
            "leave needs --from, --until and --reason",
        ),
        (["user", "leave", "1", "--end", "2026-01-15"], "Ani is not on leave on 2026-01-15"),
        (
            ["client", "set", "polres_a", "--timezone", "WIT", "--from", "2026-01-15"],
            "--from goes with --threshold",
        ),
    ],
)
def test_what_cannot_be_mended_is_refused(cicero: Run, words: list[str], said: str) -> None:
    refused = cicero(*words)
    assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr
