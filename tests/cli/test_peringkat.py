"""`cicero peringkat` on the command line."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from cicero_cli.core import clock
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import likes, shown


@pytest.fixture(autouse=True)
def yesterday(cicero: Run, store: Store) -> date:
    """Two posts of a directorate's on Instagram; of POLRES_A Ani likes both and Budi one, of POLRES_B Citra none."""
    cicero("client", "add", "dit", "--nama", "Dit Binmas", "--insta", "dit", "--audience", "below")
    for unit in ("polres_a", "polres_b"):
        cicero("client", "add", unit, "--nama", unit.replace("_", " ").title())
        cicero("client", "set", unit, "--under", "dit")
    for user_id, unit, handle, nama in (
        ("1", "polres_a", "ani", "*Ani*_ \u202eb.example/x"),
        ("2", "polres_a", "budi", "Budi"),
        ("3", "polres_b", "citra", "Citra"),
    ):
        words = ("--client", unit, "--nama", nama, "--insta", handle, "--divisi", "BAG OPS")
        cicero("user", "add", user_id, *words, "--title", "AKP")
    day = local_day(clock.now(), HOME_ZONE) - timedelta(days=1)
    insta = store.posts(Platform.INSTA)
    insta.store("DIT", [shown(key, f"{day} 0{n}:00", 1) for n, key in enumerate("pq", 1)], now=clock.now())  # fmt: skip
    for post, who in zip(
        insta.list("DIT", first_day=day, last_day=day), (["ani", "budi"], ["ani"]), strict=True
    ):
        store.engagement(Platform.INSTA).store(post.post_id, likes(*who), now=clock.now())
    return day


DAY = ("--client", "dit", "--period", "hari-lalu")


def test_a_ranking_is_shown_as_message_json_and_rows(cicero: Run, yesterday: date) -> None:
    told = cicero("peringkat", "show", "unit", *DAY)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "izin melaporkan peringkat satuan *Dit Binmas*: like Instagram dan k" in told.stdout
    assert (
        "*PERINGKAT (2 satuan)*\n"
        "1. Polres A: 75% (3/4) _(2 personel saja)_\n"
        "2. Polres B: 0% (0/2) _(1 personel saja)_\n\nDemikian" in told.stdout
    )
    document = json.loads(cicero("peringkat", "show", "unit", *DAY, "--json").stdout)
    assert {key: document[key] for key in ("kind", "period", "rows")} == {
        "kind": "unit",
        "period": {"from": str(yesterday), "to": str(yesterday)},
        "rows": [
            {
                "rank": 1, "id": "POLRES_A", "name": "Polres A", "client_id": "POLRES_A", "users": 2, "done": 3,
                "total": 4, "share": 0.75, "change": None,
            },
            {
                "rank": 2, "id": "POLRES_B", "name": "Polres B", "client_id": "POLRES_B", "users": 1, "done": 0,
                "total": 2, "share": 0.0, "change": None,
            },
        ],
    }  # fmt: skip
    all_clients = json.loads(
        cicero("peringkat", "show", "unit", "--period", "hari-lalu", "--json").stdout
    )
    assert [one["client_id"] for one in all_clients] == ["DIT", "POLRES_A", "POLRES_B"]
    assert all_clients[0] == document
    rows = csv.DictReader(
        io.StringIO(cicero("peringkat", "show", "divisi", *DAY, "--output", "csv").stdout)
    )
    assert [(row["rank"], row["id"], row["client_id"], row["share"]) for row in rows] == [
        ("1", "BAGOPS", "POLRES_A", "0.75"),
        ("2", "BAGOPS", "POLRES_B", "0"),
    ]
    own = cicero("peringkat", "show", "personel", "--client", "polres_a", "--platform", "tiktok")
    assert "Tidak ada yang wajib dikerjakan pada masa ini.\n\nDemikian" in own.stdout


def test_a_ranking_is_a_workbook_and_a_picture_too(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = cicero("peringkat", "export", "unit", *DAY, "--file", "unit.xlsx")
    assert (done.exit_code, done.stdout) == (0, "unit.xlsx written.\n")
    places = CalamineWorkbook.from_path("unit.xlsx").get_sheet_by_name("Peringkat").to_python()
    assert places[0][0] == "Peringkat satuan Dit Binmas"
    assert places[3:] == [
        ["Nama", "Peringkat", "Satuan", "Personel", "Terlaksana", "Wajib", "Persen", "Perubahan", "Keterangan"],
        ["Polres A", 1, "POLRES_A", 2, 3, 4, 0.75, "", "Kelompok kecil"],
        ["Polres B", 2, "POLRES_B", 1, 0, 2, 0, "", "Kelompok kecil"],
    ]  # fmt: skip
    cicero("client", "set", "polres_b", "--no-bottom")
    shown = cicero("peringkat", "show", "personel", *DAY, "--file", "orang.xlsx", "--json")
    assert json.loads(shown.stdout) == {"file": "orang.xlsx"}
    people = CalamineWorkbook.from_path("orang.xlsx").get_sheet_by_name("Peringkat").to_python()
    assert people[2][0] == "1 personel tidak disebut namanya."
    assert [row[1:7] for row in people[4:]] == [
        [1, "Polres A", "1", 2, 2, 1],
        [2, "Polres A", "2", 1, 2, 0.5],
    ]
    refused = cicero("peringkat", "show", "unit", "--file", "x.png")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)

    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    words = ("peringkat", "send", "divisi", *DAY, "--to", "081211110001", "--attach", "png")
    first, second = (json.loads(cicero(*words, "--json").stdout)["reports"][0] for _ in range(2))
    assert [(one["queued"], one["known"]) for one in (first, second)] == [(2, 0), (0, 2)]
    [(body, content)] = store.connection.execute(
        "SELECT body, content FROM outbox JOIN attachment ON sha256 = attachment_sha256"
    ).fetchall()
    assert body.startswith("Peringkat divisi *Dit Binmas*\n")
    assert content[:4] == b"\x89PNG"


def test_no_name_breaks_the_message_and_who_is_behind_can_be_left_unnamed(cicero: Run) -> None:
    words = ("peringkat", "show", "personel", *DAY)
    assert (
        "1. AKP Ani b. example/x, Polres A: 100% (2/2)\n"
        "2. AKP Budi, Polres A: 50% (1/2)\n"
        "3. AKP Citra, Polres B: 0% (0/2)\n" in cicero(*words).stdout
    )
    few = cicero(*words, "--top", "1", "--bottom", "1").stdout
    assert "*TERATAS 1 (dari 3 personel)*\n1. AKP Ani" in few
    assert "*TERBAWAH 1 (dari 3 personel)*\n3. AKP Citra, Polres B: 0% (0/2)\n\n" in few
    assert "Budi" not in few

    assert cicero("client", "set", "polres_b", "--no-bottom").exit_code == 0
    assert "Citra" not in cicero(*words).stdout
    kept = cicero(*words, "--bottom", "2").stdout
    assert "*TERBAWAH 1 (dari 3 personel)*\n2. AKP Budi" in kept
    assert "_1 lainnya tidak disebut namanya atas permintaan satuannya_" in kept
    document = json.loads(cicero(*words, "--json").stdout)
    assert ([row["id"] for row in document["rows"]], document["withheld"]) == (["1", "2"], 1)
    cicero("client", "set", "dit", "--no-bottom")
    assert "TERBAWAH" not in cicero(*words, "--bottom", "1").stdout
    cicero("client", "set", "polres_b", "--bottom")
    assert "Citra" not in cicero(*words, "--bottom", "1").stdout


def test_a_ranking_is_sent_once_per_recipient_kind_and_period_and_kept(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    cicero("client", "set", "dit", "--operator", "081211110001")
    words = ("peringkat", "send", "unit", *DAY)

    def queued(*more: str) -> tuple[int, int]:
        (report,) = json.loads(cicero(*words, *more, "--json").stdout)["reports"]
        return report["queued"], report["known"]

    tried = cicero(*words, "--dry-run")
    assert tried.stdout.startswith("DIT to 6281211110001, 1 part(s) each:\n\nSelamat ")
    assert [queued(), queued()] == [(1, 0), (0, 1)]
    cicero("client", "set", "dit", "--super", "081211110002")
    assert queued() == (1, 1), "who came later gets it, the other not again"
    cicero("recipient", "add", "081211110003", "--client", "dit", "--what", "peringkat")
    assert queued() == (1, 2)
    assert queued("--platform", "insta", "--to", "081211110001") == (1, 0)
    shown_now = json.loads(cicero("peringkat", "show", "unit", *DAY, "--json").stdout)
    kept = store.connection.execute(
        "SELECT kind, scope, data FROM report ORDER BY report_id"
    ).fetchall()
    assert kept[0] == ("peringkat", "semua", shown_now)
    assert [row[1] for row in kept] == ["semua", "insta"]
    sent = "SELECT kind, count(*), count(DISTINCT report_id) FROM outbox GROUP BY kind"
    assert store.connection.execute(sent).fetchall() == [("peringkat", 4, 2)]
    missing = cicero("peringkat", "send", "unit", "--client", "polres_a")
    assert (missing.exit_code, missing.stderr) == (
        1,
        "POLRES_A: nobody gets the report: cicero client set POLRES_A --group, --operator or --super\n",
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "divisi", "--period", "tahun"), "--period tahun: expected a "),
        (("show", "divisi", "--top", "-1"), "'--top': -1 is not in the range 0<=x<=100000"),
        (("show", "satker"), "'divisi|personel|unit': 'satker' is not one of"),
        (("show",), "divisi|personel|unit"),
        (("show", "unit", "--client", "x"), "there is no client X"),
    ],
)
def test_what_cannot_be_ranked_gets_one_line(
    cicero: Run, words: tuple[str, ...], told: str
) -> None:
    refused = cicero("peringkat", *words)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert told in refused.stderr
