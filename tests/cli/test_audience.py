"""A directorate on the command line: its tree, its audience, and who has done its posts."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from cicero_cli.core import clock
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store, connect
from tests.conftest import Run
from tests.services.fakes import likes, shown

TODAY = clock.now() + timedelta(hours=7)


@pytest.fixture
def directorate(cicero: Run, database: str) -> Run:
    """DITBINMAS over two units; one post of today, which Ani and Citra like."""
    cicero(
        "client",
        "add",
        "ditbinmas",
        "--nama",
        "Ditbinmas",
        "--type",
        "DIREKTORAT",
        "--insta",
        "dit",
    )
    for unit in ("a", "b"):
        cicero(
            "client",
            "add",
            f"polres_{unit}",
            "--nama",
            f"Polres {unit.upper()}",
            "--under",
            "ditbinmas",
        )
    for user_id, unit, nama, divisi in (
        ("1", "a", "Ani", "SAT BINMAS"),
        ("2", "a", "Budi", "Sat. Binmas"),
        ("3", "b", "Citra", "SATBINMAS"),
        ("4", "b", "Dodi", "SAT LANTAS"),
    ):
        cicero(
            "user", "add", user_id, "--client", f"polres_{unit}", "--nama", nama, "--divisi", divisi,
            "--insta", nama.lower(),
        )  # fmt: skip
    cicero("client", "set", "ditbinmas", "--audience", "below", "--audience-divisi", "Sat Binmas")
    with connect(database, hint="") as connection:
        from cicero_cli.repositories.database.store import Store

        store = Store(connection)
        now = clock.now()
        store.posts(Platform.INSTA).store(
            "DITBINMAS", [shown("p", f"{now:%Y-%m-%d %H:%M:%S}", 3)], now=now
        )
        day = TODAY.date()
        (post,) = store.posts(Platform.INSTA).list("DITBINMAS", first_day=day, last_day=day)
        store.engagement(Platform.INSTA).store(post.post_id, likes("ani", "citra", "dodi"), now=now)
    return cicero


def test_a_directorate_is_shown_by_unit_then_division(directorate: Run) -> None:
    shown = directorate("absensi", "show", "insta", "--client", "ditbinmas")

    assert (shown.exit_code, shown.stdout) == (
        0,
        "unit      user    nama      title  divisi       username    done    status\n"
        "POLRES_A  1       Ani              SAT BINMAS   ani         1/1     lengkap\n"
        "POLRES_A  2       Budi             Sat. Binmas  budi        0/1     belum\n"
        "POLRES_B  3       Citra            SATBINMAS    citra       1/1     lengkap\n",
    )
    document = json.loads(
        directorate("absensi", "show", "insta", "--client", "ditbinmas", "--json").stdout
    )
    assert [user["client_id"] for user in document["users"]] == ["POLRES_A", "POLRES_A", "POLRES_B"]
    assert document["units"] == [
        {
            "client_id": "POLRES_A",
            "nama": "Polres A",
            "users": 2,
            "sudah": 1,
            "belum": 1,
            "tanpa_username": 0,
            "dikecualikan": 0,
            "share": 0.5,
        },
        {
            "client_id": "POLRES_B",
            "nama": "Polres B",
            "users": 1,
            "sudah": 1,
            "belum": 0,
            "tanpa_username": 0,
            "dikecualikan": 0,
            "share": 1.0,
        },
    ]


def test_the_laphar_of_a_directorate_ranks_its_units(directorate: Run) -> None:
    words = ("laphar", "show", "insta", "--client", "ditbinmas")

    whole = directorate(*words).stdout.partition("*Konten: 1*")[2]

    assert whole == (
        "\n1. https://www.instagram.com/p/p/\n"
        "\n"
        "*Peringkat satuan: 2*\n"
        "1. Polres B: 1/1 (100%), belum 0\n"
        "2. Polres A: 1/2 (50%), belum 1\n"
        "\n"
        "*Personel: 3*\n"
        "Sudah: 2 (66,7%)\n"
        "Belum: 1\n"
        "_Sudah = seluruh konten._\n"
        "\n"
        "*BELUM MELAKSANAKAN: 1 PERSONEL*\n"
        "\n"
        "*POLRES A, SAT. BINMAS (1)*\n"
        "1. Budi (@budi) 0/1\n"
        "\n"
        "Demikian dilaporkan, terima kasih.\n"
    )
    document = json.loads(directorate(*words, "--unit", "polres_a", "--json").stdout)
    assert (document["client_id"], document["unit_id"]) == ("DITBINMAS", "POLRES_A")
    assert (document["summary"]["users"], document["summary"]["sudah"]) == (2, 1)
    first = document["text"].splitlines()[0]
    assert "absensi like Instagram *Ditbinmas* oleh personel *Polres A*." in first
    assert "Peringkat" not in document["text"]


def test_the_units_of_a_directorate_get_their_parts_when_it_says_so(
    directorate: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    directorate("client", "set", "ditbinmas", "--report-units", "--operator", "081211110001")
    directorate("client", "set", "polres_a", "--operator", "081211110002")
    directorate("client", "set", "polres_b", "--operator", "081211110003")
    send = ("laphar", "send", "insta", "--client", "ditbinmas")

    tried = directorate(*send, "--dry-run")
    assert "DITBINMAS POLRES_B to 6281211110003, 1 part(s) each:" in tried.stdout
    sent = directorate(*send)

    assert (sent.exit_code, sent.stdout) == (
        0,
        "client     unit        recipients    parts    queued    known\n"
        "DITBINMAS                       1        1         1        0\n"
        "DITBINMAS  POLRES_A             1        1         1        0\n"
        "DITBINMAS  POLRES_B             1        1         1        0\n",
    )
    reports = store.connection.execute("SELECT report_id FROM report ORDER BY report_id").fetchall()
    words = ("laphar", "show", "insta", "--json", "--as-of")
    parts = [json.loads(directorate(*words, f"laphar:{one}").stdout) for (one,) in reports]
    assert [(part.get("unit_id"), part["summary"]["users"]) for part in parts] == [
        (None, 3), ("POLRES_A", 2), ("POLRES_B", 1),
    ]  # fmt: skip
    bodies = [row[0] for row in store.connection.execute("SELECT body FROM outbox")]
    assert sorted(bodies) == sorted(part["text"].strip() for part in parts)
    due = directorate(*send, "--unit", "polres_a", "--due")
    assert (due.exit_code, "leave --unit out" in due.stderr) == (2, True)


def test_a_unit_that_is_none_is_refused_with_those_that_are(directorate: Run) -> None:
    words = ("laphar", "show", "insta")
    for more, said in (
        (("--client", "ditbinmas", "--unit", "polres_z"), "(its units: POLRES_A, POLRES_B)"),
        (("--client", "polres_a", "--unit", "polres_b"), "(POLRES_A has no units)"),
        (("--unit", "polres_b"), "--unit goes with one --client, the directorate"),
    ):
        refused = directorate(*words, *more)
        assert (refused.exit_code, refused.stdout) == (2, ""), more
        assert said in refused.stderr


def test_per_unit_shows_the_sums_alone(directorate: Run) -> None:
    words = ("absensi", "show", "insta", "--client", "ditbinmas", "--per-unit")

    assert directorate(*words).stdout == (
        "unit      nama        users    sudah    belum    tanpa_username    dikecualikan  share\n"
        "POLRES_A  Polres A        2        1        1                 0               0  50.0%\n"
        "POLRES_B  Polres B        1        1        0                 0               0  100.0%\n"
    )
    document = json.loads(directorate(*words, "--json").stdout)
    assert "users" not in document
    assert document["summary"]["users"] == sum(unit["users"] for unit in document["units"])
    plain = json.loads(directorate(*words[:4], "polres_a", "--per-unit", "--json").stdout)
    assert [unit["client_id"] for unit in plain["units"]] == ["POLRES_A"]


def test_a_plain_client_is_shown_as_ever(directorate: Run) -> None:
    shown = directorate("absensi", "show", "insta", "--client", "polres_a", "--json")

    document = json.loads(shown.stdout)
    assert "units" not in document
    assert "client_id" not in document["users"][0]
    table = directorate("absensi", "show", "insta", "--client", "polres_a").stdout
    assert table.startswith("user    nama")


def test_the_tree_is_shown_with_its_counts_and_can_be_left(directorate: Run) -> None:
    shown = json.loads(directorate("client", "show", "ditbinmas", "--json").stdout)
    assert (shown["units"], shown["people"], shown["audience_divisi"]) == (2, 3, ["Sat Binmas"])
    left = json.loads(directorate("client", "set", "polres_b", "--under", "", "--json").stdout)
    assert left["under"] is None
    cleared = directorate("client", "set", "ditbinmas", "--audience-divisi", "", "--json")
    assert json.loads(cleared.stdout)["audience_divisi"] == []
    shown = json.loads(directorate("client", "show", "ditbinmas", "--json").stdout)
    assert (shown["units"], shown["people"]) == (1, 2)
    assert "under" in directorate("client", "list").stdout.splitlines()[0]


def test_what_makes_no_tree_changes_nothing(directorate: Run) -> None:
    for words, said in (
        (("--under", "polres_a"), "cannot be below itself"),
        (("--under", "ditbinmas"), "cannot be below itself"),
        (("--under", "nowhere"), "there is no client NOWHERE"),
        (("--audience", "all"), "expected own, below or own+below"),
    ):
        refused = directorate("client", "set", "ditbinmas", *words)
        assert (refused.exit_code != 0, said in refused.stderr) == (True, True), refused.stderr
    refused = directorate("client", "set", "polres_a", "--audience-divisi", "SAT BINMAS")
    assert "--audience-divisi is about the units below" in refused.stderr
    shown = json.loads(directorate("client", "show", "ditbinmas", "--json").stdout)
    assert (shown["under"], shown["audience"], shown["people"]) == (None, "below", 3)


def test_a_unit_can_be_put_under_another_from_a_past_day_on(directorate: Run) -> None:
    yesterday = (TODAY.date() - timedelta(days=1)).isoformat()
    before = (TODAY.date() - timedelta(days=2)).isoformat()
    directorate("client", "set", "polres_b", "--under", "", "--from", yesterday)

    def units(day: str) -> list[str]:
        found = directorate(
            "absensi", "show", "insta", "--client", "ditbinmas", "--date", day, "--json"
        )
        return [unit["client_id"] for unit in json.loads(found.stdout)["units"]]

    assert (units(before), units(yesterday)) == (["POLRES_A", "POLRES_B"], ["POLRES_A"])


def test_single_people_are_assigned_listed_and_let_go(directorate: Run) -> None:
    today = TODAY.date()
    assigned = directorate(
        "user", "assign", "4", "--to", "ditbinmas", "--from", f"{today}", "--json"
    )
    assert json.loads(assigned.stdout) == [
        {"client_id": "DITBINMAS", "first_day": f"{today}", "last_day": None}
    ]
    shown = json.loads(directorate("client", "show", "ditbinmas", "--json").stdout)
    assert shown["people"] == 4

    directorate("client", "set", "polres_b", "--under", "")
    left = directorate("laphar", "show", "insta", "--client", "ditbinmas").stdout
    assert "1. Polres B: 1/1 (100%)" in left  # the unit of who is assigned has its name

    ended = directorate("user", "assign", "4", "--to", "ditbinmas", "--end", f"{today}", "--json")
    assert json.loads(ended.stdout)[0]["last_day"] == f"{today}"
    again = directorate("user", "assign", "4", "--to", "ditbinmas", "--end", f"{today}")
    assert (again.exit_code, "is not assigned to DITBINMAS after" in again.stderr) == (2, True)
    assert json.loads(directorate("user", "assign", "4", "--json").stdout) == json.loads(
        ended.stdout
    )
    own = directorate("user", "assign", "4", "--to", "polres_b")
    assert "is of POLRES_B already" in own.stderr
    alone = directorate("user", "assign", "4", "--from", f"{today}")
    assert "go with --to" in alone.stderr


def test_a_tree_that_was_set_up_the_wrong_way_round_is_turned(cicero: Run) -> None:
    for name in ("dit", "polres"):
        cicero("client", "add", name, "--nama", name)
    for words in (("dit", "polres"), ("dit", ""), ("polres", "dit")):
        changed = cicero("client", "set", words[0], "--under", words[1])
        assert (changed.exit_code, changed.stderr) == (0, "")
    circle = cicero("client", "set", "dit", "--under", "polres")
    assert (circle.exit_code, "cannot be below itself" in circle.stderr) == (2, True)
