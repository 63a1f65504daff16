from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, likes, shown

TEXT_A = (
    "Selamat siang, izin melaporkan absensi like Instagram *Polres A*.\n"
    "Sabtu, 21 November 2026, pukul 12.00 WIB\n"
    "\n"
    "*Konten: 1*\n"
    "1. https://www.instagram.com/p/p1/\n"
    "\n"
    "*Personel: 2*\n"
    "Sudah: 1 (50%)\n"
    "Belum: 1\n"
    "_Sudah = seluruh konten._\n"
    "\n"
    "*BELUM MELAKSANAKAN: 1 PERSONEL*\n"
    "\n"
    "*SAT LANTAS (1)*\n"
    "1. IPDA Budi (@budi) 0/1\n"
    "\n"
    "Demikian dilaporkan, terima kasih.\n"
)
TEXT_B = (
    "Selamat siang, izin melaporkan absensi like Instagram *Polres B*.\n"
    "Sabtu, 21 November 2026, pukul 14.00 WIT\n"
    "\n"
    "Tidak ada konten Instagram pada hari ini, sehingga tidak ada personel yang tercatat belum.\n"
    "\n"
    "Demikian dilaporkan, terima kasih.\n"
)


@pytest.fixture(autouse=True)
def a_saturday_noon(store: Store, cicero: Run) -> Iterator[None]:
    """12:00 in Jakarta: Polres A has one post, which Ani liked and Budi did not; Polres B is told to have none."""
    now = at("2026-11-21 05:00")
    with time_machine.travel(now):
        cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
        cicero(
            "client",
            "add",
            "polres_b",
            "--nama",
            "Polres B",
            "--insta",
            "polres.b",
            "--timezone",
            "WIT",
        )
        for user_id, nama in (("1", "Ani"), ("2", "Budi")):
            cicero(
                "user", "add", user_id, "--client", "polres_a", "--nama", nama, "--title", "IPDA",
                "--divisi", "SAT LANTAS", "--insta", nama,
            )  # fmt: skip
        posts = store.posts(Platform.INSTA)
        posts.store("POLRES_A", [shown("p1", "2026-11-21 01:00", 1)], now=now)
        [(post_id,)] = store.connection.execute("SELECT post_id FROM insta_post").fetchall()
        store.engagement(Platform.INSTA).store(post_id, likes("ani"), now=now)
        for client_id in ("POLRES_A", "POLRES_B"):
            posts.remember_listing(client_id, now.date(), now.date(), now=now)
        yield


def test_one_clients_report_is_shown_as_it_would_be_sent(cicero: Run) -> None:
    result = cicero("laphar", "show", "insta", "--client", "polres_a")

    assert (result.exit_code, result.stdout, result.stderr) == (0, TEXT_A, "")


def test_without_a_client_every_report_is_shown(cicero: Run) -> None:
    result = cicero("laphar", "show", "insta")

    assert result.stdout == f"{TEXT_A}\n{'-' * 40}\n\n{TEXT_B}"


def test_the_json_is_that_of_absensi_and_the_text(cicero: Run) -> None:
    laphar = json.loads(cicero("laphar", "show", "insta", "--client", "polres_a", "--json").stdout)
    absensi = json.loads(
        cicero("absensi", "show", "insta", "--client", "polres_a", "--json").stdout
    )

    assert laphar == {**absensi, "text": TEXT_A}


def test_several_reports_are_an_array_or_a_line_each(cicero: Run) -> None:
    array = json.loads(cicero("laphar", "show", "insta", "--json").stdout)
    lines = cicero("laphar", "show", "insta", "--output", "ndjson").stdout.splitlines()

    assert [(document["client_id"], document["text"]) for document in array] == [
        ("POLRES_A", TEXT_A),
        ("POLRES_B", TEXT_B),
    ]
    assert [json.loads(line) for line in lines] == array


def test_a_report_has_no_csv_form(cicero: Run) -> None:
    result = cicero("laphar", "show", "insta", "--output", "csv")

    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        "cicero: this result is not a table, so it has no CSV form (use --json)\n",
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--client", "polres_c"], "there is no client POLRES_C (there are: POLRES_A, POLRES_B)"),
        (
            ["--date", "2026-11-22"],
            "--date 2026-11-22: expected a day that has come: today is 2026-11-21",
        ),
        (
            ["--date", "21/11/2026"],
            "--date 21/11/2026: expected a day written YYYY-MM-DD, such as 2026-11-21",
        ),
    ],
)
def test_wrong_input_gets_one_line_and_no_report(words: list[str], line: str, cicero: Run) -> None:
    result = cicero("laphar", "show", "insta", *words)

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"cicero: {line}\n")


def test_a_units_own_template_is_used(
    cicero: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_TEMPLATES", str(tmp_path))
    (tmp_path / "laphar.txt.j2").write_text("Laporan {{ client }}, {{ day }}", encoding="utf-8")

    result = cicero("laphar", "show", "insta", "--client", "polres_a")

    assert result.stdout == "Laporan Polres A, Sabtu, 21 November 2026\n"


def test_a_broken_template_is_a_wrong_setting_and_its_line_is_named(
    cicero: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CICERO_TEMPLATES", str(tmp_path))
    (tmp_path / "laphar.txt.j2").write_text("Laporan\n{{ client }\n", encoding="utf-8")

    result = cicero("laphar", "show", "insta")

    assert (result.exit_code, result.stdout, result.stderr) == (
        78,
        "",
        "cicero: the template laphar.txt.j2, line 2 cannot be used: unexpected '}'"
        " (mend it in the folder of CICERO_TEMPLATES)\n",
    )


def test_a_report_is_written_as_a_workbook_by_export_and_by_show(cicero: Run) -> None:
    done = cicero("laphar", "export", "insta", "--client", "polres_a", "--file", "laphar.xlsx")
    assert (done.exit_code, done.stdout) == (0, "laphar.xlsx written.\n")
    shown_too = cicero(
        "laphar", "show", "insta", "--client", "polres_a", "--file", "Laphar.XLSX", "--json"
    )
    assert json.loads(shown_too.stdout) == {"file": "Laphar.XLSX"}
    assert Path("laphar.xlsx").read_bytes()[:2] == b"PK"
    book = CalamineWorkbook.from_path("Laphar.XLSX")
    assert book.sheet_names == ["Ringkasan", "Konten", "Instagram"]
    assert book.get_sheet_by_name("Ringkasan").to_python()[6][:4] == ["Semua", 2, 1, 1]
    cicero("laphar", "export", "insta", "--client", "polres_a", "--file", "laphar.png")
    assert Path("laphar.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--file", "laphar.docx"), "--file laphar.docx: expected a name that ends in .xlsx, .png"),
        (("--file", "/nowhere/x.xlsx"), "/nowhere/x.xlsx cannot be written"),
        (("--mode", "sudah", "--file", "x.xlsx"), "a file lists everybody"),
    ],
)
def test_what_can_be_no_file_gets_one_line(
    cicero: Run, words: tuple[str, ...], reason: str
) -> None:
    refused = cicero("laphar", "show", "insta", "--client", "polres_a", *words)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert reason in refused.stderr
    assert not [*Path().glob("*.xlsx")]


def test_a_file_is_of_one_client(cicero: Run) -> None:
    refused = cicero("laphar", "show", "insta", "--file", "x.xlsx")
    assert (refused.exit_code, refused.stderr) == (
        2,
        "cicero: a file is of one client: name it with --client\n",
    )
