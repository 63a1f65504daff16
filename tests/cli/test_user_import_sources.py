"""Every source gives the same people, and what is no sheet gets one line (2), whatever it is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from cicero_cli.standins.google.server import StandIn
from cicero_cli.standins.google.spreadsheets import Access, Spreadsheet, Tab, as_csv, as_workbook
from tests.conftest import Run
from tests.domain.roster.test_sheet_workbook import ROWS, ods, xls

KEY, SHARED = "1AbCdEfGhIjKlMnOpQrStUvWxYz", "1SharedfGhIjKlMnOpQrStUvWxYz"
PUBLISHED = "2PACX-1vQabcdefghijklmnopqrstuvwxyz"
TABS = [Tab(title="Personel", gid=7, rows=ROWS)]
DOCS = "https://docs.google.com/spreadsheets"


def test_the_same_people_from_every_source_change_nothing(
    cicero: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    Path("a.csv").write_bytes(as_csv(TABS[0]))
    Path("a.xlsx").write_bytes(as_workbook(Spreadsheet(key=KEY, tabs=TABS)))
    Path("a.xls").write_bytes(xls(ROWS))
    Path("a.ods").write_bytes(ods(ROWS))
    sheets = [
        Spreadsheet(key=KEY, tabs=TABS, published_key=PUBLISHED),
        Spreadsheet(key=SHARED, tabs=TABS, access=Access.SHARED),
    ]
    words = ("--client", "polres_a", "--sync", "--yes")
    assert "2 new" in cicero("user", "import", "a.csv", *words).stdout
    with StandIn(sheets) as google:
        monkeypatch.setenv("CICERO_GOOGLE_DOCS_URL", google.url)
        monkeypatch.setenv("CICERO_GOOGLE_SHEETS_URL", google.url)
        links = [f"{DOCS}/d/{KEY}/edit#gid=7", KEY, f"{DOCS}/d/e/{PUBLISHED}/pub?output=csv"]
        for source in ("a.csv", "a.xlsx", "a.xls", "a.ods", "-", *links, f"{DOCS}/d/{SHARED}/view"):
            if SHARED in source:
                monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", google.account)
            piped = io.BytesIO(Path("a.xlsx").read_bytes())
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(piped))
            again = cicero("user", "import", source, *words)
            assert again.exit_code == 0, (source, again.stderr)
            assert "0 new, 0 changed, 2 unchanged, 0 missing" in again.stdout, source
    listed = cicero("user", "import", "--list", "--json").stdout
    assert listed.count('"import_id"') == 1  # what changes nothing is none


def test_hostile_files_get_one_line_and_change_nothing(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    Path("folder.xlsx").mkdir()
    Path("zero.xlsx").touch()
    with zipfile.ZipFile("bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(301):
                part.write(bytes(1_000_000))
    locked = b"\xd0\xcf\x11\xe0" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    Path("locked.xlsx").write_bytes(locked)
    encrypted = ods(ROWS, manifest="<manifest><encryption-data/></manifest>")
    Path("locked.ods").write_bytes(encrypted)
    Path("page.xls").write_text("<!DOCTYPE html>\n<html><td>NRP</td><td>Nama</td></html>\n")
    Path("picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(50))
    for source, words in {
        "folder.xlsx": "folder.xlsx is a folder, not a sheet",
        "zero.xlsx": "zero.xlsx is empty",
        "bomb.xlsx": "bomb.xlsx unpacks to more than 300 MB",
        "locked.xlsx": "locked.xlsx is locked with a password",
        "locked.ods": "locked.ods is locked with a password",
        "page.xls": "page.xls is a web page, not a sheet",
        "picture.csv": "picture.csv line 1 is",
    }.items():
        for noun in (
            ("user", "import", source, "--client", "polres_a"),
            ("client", "import", source),
        ):
            done = cicero(*noun)
            assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1), source
            assert words in done.stderr
    assert cicero("user", "list", "--json").stdout.strip() == "[]"
