"""`cicero rekap` on the command line."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cicero_cli.core import clock
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import likes, shown


@pytest.fixture(autouse=True)
def unit(cicero: Run, store: Store) -> None:
    """Two posts of yesterday on Instagram; Ani likes both, Budi none."""
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    for user_id, nama in (("1", "Ani"), ("2", "Budi")):
        cicero("user", "add", user_id, "--client", "polres_a", "--nama", nama, "--insta", nama)
    yesterday = local_day(clock.now(), HOME_ZONE) - timedelta(days=1)
    store.posts(Platform.INSTA).store(
        "POLRES_A",
        [shown(key, f"{yesterday} 0{hour}:00", 1) for hour, key in enumerate("pq", start=1)],
        now=clock.now(),
    )
    for post in store.posts(Platform.INSTA).list(
        "POLRES_A", first_day=yesterday, last_day=yesterday
    ):
        store.engagement(Platform.INSTA).store(post.post_id, likes("ani"), now=clock.now())


def test_a_period_is_shown_as_message_json_and_rows(cicero: Run) -> None:
    words = ("rekap", "show", "insta", "--period", "hari-lalu")
    told = cicero(*words)
    assert (told.exit_code, told.stderr) == (0, "")
    assert "*Konten: 2, personel: 2*\nTerlaksana: *50%*\n" in told.stdout
    assert "1. Ani 2/2 (100%)\n2. Budi 0/2 (0%)\n" in told.stdout
    document = json.loads(cicero(*words, "--client", "polres_a", "--json").stdout)
    assert (document["client_id"], document["posts"]) == ("POLRES_A", 2)
    assert [user["share"] for user in document["users"]] == [1.0, 0.0]
    (same,) = json.loads(cicero(*words, "--json").stdout)
    assert same == document
    rows = csv.DictReader(io.StringIO(cicero(*words, "--output", "csv").stdout))
    assert [(row["platform"], row["user_id"], row["done"], row["total"]) for row in rows] == [
        ("insta", "1", "2", "2"),
        ("insta", "2", "0", "2"),
    ]


def test_both_platforms_are_an_object_with_both(cicero: Run) -> None:
    words = ("rekap", "show", "semua", "--client", "polres_a", "--period", "hari-lalu")
    document = json.loads(cicero(*words, "--json").stdout)
    assert {name: part["posts"] for name, part in document.items()} == {"insta": 2, "tiktok": 0}
    assert "*TIKTOK*\nKonten: 0. Tidak ada yang wajib" in cicero(*words).stdout


@pytest.mark.parametrize("period", ["tahun", "2026-11-20..2026-11-19", "2999-01-01", ""])
def test_what_is_no_period_gets_one_line(cicero: Run, period: str) -> None:
    refused = cicero("rekap", "show", "insta", "--period", period)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert refused.stderr.startswith(f"cicero: --period {period}: expected a ")


def test_a_recap_is_sent_once_per_recipient_and_period_and_kept(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    cicero("client", "set", "polres_a", "--operator", "081211110001")
    words = ("rekap", "send", "insta", "--period", "hari-lalu")

    tried = cicero(*words, "--dry-run")
    assert tried.stdout.startswith("POLRES_A to 6281211110001, 1 part(s) each:\n\nSelamat ")
    first, second = (json.loads(cicero(*words, "--json").stdout) for _ in range(2))
    assert [one["reports"][0]["queued"] for one in (first, second)] == [1, 0]
    assert second["reports"][0]["known"] == 1
    shown_now = json.loads(
        cicero("rekap", "show", *words[2:], "--client", "polres_a", "--json").stdout
    )
    assert store.connection.execute("SELECT kind, scope, data FROM report").fetchall() == [
        ("rekap", "insta", shown_now)
    ]
    cicero("user", "remove", "1", "--erase", "--yes")
    assert cicero(*words, "--again").exit_code == 0
    count = "SELECT count(*), count(DISTINCT report_id) FROM outbox WHERE kind = 'rekap'"
    assert store.connection.execute(count).fetchone() == (2, 2)
    refused = cicero("laphar", "show", "insta", "--as-of", "laphar:1")
    assert "there is no report laphar:1" in refused.stderr


def test_who_has_no_recipient_is_named(cicero: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    done = cicero("rekap", "send", "insta", "--period", "hari-lalu")
    assert (done.exit_code, done.stderr) == (
        1,
        "POLRES_A: nobody gets the report: cicero client set POLRES_A --group, --operator or --super\n",
    )


def test_a_directorates_workbook_has_a_sheet_for_each_unit_and_no_cell_that_runs(
    cicero: Run,
) -> None:
    cicero("client", "add", "instagram", "--nama", "=1+1", "--audience", "below")
    cicero("client", "set", "polres_a", "--under", "instagram")
    cicero("user", "set", "1", "--nama", "=cmd|' /C calc'!A0")
    words = ("rekap", "export", "semua", "--client", "instagram", "--period", "hari")
    done = cicero(*words, "--file", "rekap.xlsx")
    assert (done.exit_code, done.stdout) == (0, "rekap.xlsx written.\n")
    book = CalamineWorkbook.from_path("rekap.xlsx")
    assert book.sheet_names == [
        "Ringkasan",
        "Harian",
        "Instagram",
        "TikTok",
        "insta POLRES_A",
        "tiktok POLRES_A",
    ]
    with zipfile.ZipFile("rekap.xlsx") as parts:
        assert not [
            name for name in parts.namelist() if b"<f>" in parts.read(name) and "sheet" in name
        ]
    rows = book.get_sheet_by_name("insta POLRES_A").to_python()
    assert [row[4] for row in rows[4:]] == ["=cmd|' /C calc'!A0", "Budi"]
    refused = cicero(*words, "--file", "/nowhere/rekap.xlsx")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)


def test_a_picture_is_written_where_the_name_says_so(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("rekap", "show", "insta", "--client", "polres_a", "--period", "minggu-lalu")
    for name, more in (("a.png", ()), ("b.PNG", ("--by-person",))):
        done = cicero(*words, "--file", name, *more)
        assert (done.exit_code, done.stdout, done.stderr) == (0, f"{name} written.\n", "")
        assert Path(name).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    refused = cicero(*words, "--by-person", "--file", "x.xlsx")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "cicero: --by-person goes with a picture: --file NAME.png\n",
    )
    monkeypatch.setattr("cicero_cli.services.attendance.report_files.find_spec", lambda name: None)
    missing = cicero(*words, "--file", "x.png")
    assert (missing.exit_code, missing.stderr) == (
        78,
        "cicero: pictures need a package that is not installed (pip install 'cicero-cli[charts]')\n",
    )
    assert not Path("x.png").exists()


def test_a_recap_goes_out_with_a_picture(
    cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    cicero("client", "set", "polres_a", "--operator", "081211110001")
    words = ("rekap", "send", "insta", "--period", "2026-10", "--attach", "png")
    assert json.loads(cicero(*words, "--json").stdout)["reports"][0]["file"] == (
        "rekap-POLRES_A-2026-10-01-2026-10-31.png"
    )
    found = store.connection.execute(
        "SELECT attachment_type, body FROM outbox JOIN attachment ON sha256 = attachment_sha256"
    )
    assert found.fetchall() == [
        (
            "image/png",
            "Rekap *Polres A*\nKamis, 1 Oktober 2026 s.d. Sabtu, 31 Oktober 2026",
        )
    ]
