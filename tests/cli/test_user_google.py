"""`cicero user import` of a Google Sheet, public and private."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from cicero_cli.standins.google.faults import Fault, Trouble
from cicero_cli.standins.google.server import StandIn
from cicero_cli.standins.google.spreadsheets import Access, Cell, Spreadsheet, Tab
from tests.conftest import Run

KEY = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
LARGE = "1LargeEfGhIjKlMnOpQrStUvWxYz"
SHARED = "1SharedfGhIjKlMnOpQrStUvWxYz"
LINK = "https://docs.google.com/spreadsheets/d/{}/edit?usp=sharing"
ROWS: list[list[Cell]] = [
    ["DAFTAR PERSONEL"],
    ["NRP", "NAMA", "NO. HP / WA", "Nama Akun Instagram"],
    [85010001, "Budi", 6281234567890, "budi"],
    ["198501012010011001", "Ani", "0812-3456-7891", "ani"],
]
MANY: list[list[Cell]] = [
    ["NRP", "Nama", "Instagram"],
    *([70_000_000 + number, f"Personel {number}", f"p.{number}"] for number in range(20_000)),
]


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch, cicero: Run) -> Iterator[StandIn]:
    sheets = [
        Spreadsheet(key=KEY, tabs=[Tab(title="Juni", rows=ROWS)]),
        Spreadsheet(key=LARGE, tabs=[Tab(rows=MANY)]),
        Spreadsheet(key=SHARED, tabs=[Tab(title="Juni", rows=ROWS)], access=Access.SHARED),
    ]
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    with StandIn(sheets) as standin:
        monkeypatch.setenv("CICERO_GOOGLE_DOCS_URL", standin.url)
        monkeypatch.setenv("CICERO_GOOGLE_SHEETS_URL", standin.url)
        yield standin


def whom(cicero: Run) -> list[tuple[str, str]]:
    users = json.loads(cicero("user", "list", "--json").stdout)
    return [(user["user_id"], user["whatsapp"]) for user in users]


PEOPLE = [("198501012010011001", "6281234567891"), ("85010001", "6281234567890")]


@pytest.mark.usefixtures("google")
def test_a_public_sheet_is_imported_and_again_changes_nothing(cicero: Run) -> None:
    words = ("user", "import", LINK.format(KEY), "--client", "polres_a")
    first = cicero(*words)
    assert (first.exit_code, first.stdout) == (
        0,
        "POLRES_A: 2 new, 0 changed, 0 unchanged, 0 missing from Personel.xlsx.\n",
    )
    assert sorted(whom(cicero)) == PEOPLE
    assert "0 new, 0 changed, 2 unchanged" in cicero(*words).stdout


@pytest.mark.parametrize("tab", [(), ("--tab", "juni"), ("--tab", "0")])
def test_a_shared_sheet_is_imported_as_the_service_account(
    cicero: Run, google: StandIn, monkeypatch: pytest.MonkeyPatch, tab: tuple[str, ...]
) -> None:
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", google.account)
    done = cicero("user", "import", LINK.format(SHARED), "--client", "polres_a", *tab)
    assert done.exit_code == 0, done.stderr
    assert sorted(whom(cicero)) == PEOPLE
    words = ("user", "import", LINK.format(SHARED), "--client", "polres_a", "--dry-run")
    assert "2 unchanged" in cicero(*words).stdout


def test_a_sheet_that_is_not_shared_says_what_to_do(cicero: Run, google: StandIn) -> None:
    done = cicero("user", "import", LINK.format(SHARED), "--client", "polres_a")
    assert (done.exit_code, done.stdout) == (1, "")
    assert (
        "the sheet is not shared with everybody (in the sheet: Share, General access" in done.stderr
    )
    assert google.requests == [f"/spreadsheets/d/{SHARED}/export?format=xlsx"]


@pytest.mark.parametrize("trouble", [Trouble.LOGIN_PAGE, Trouble.ODD_PAGE])
@pytest.mark.parametrize("way", ["public", "private"])
def test_no_page_is_ever_read_as_a_sheet(
    cicero: Run, google: StandIn, monkeypatch: pytest.MonkeyPatch, trouble: Trouble, way: str
) -> None:
    if way == "private":
        monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", google.account)
    google.faults.add(Fault(trouble, path="/spreadsheets"), Fault(trouble, path="/v4"))
    done = cicero("user", "import", LINK.format(KEY), "--client", "polres_a")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert whom(cicero) == []


@pytest.mark.usefixtures("google")
def test_a_large_sheet_is_read_whole(cicero: Run) -> None:
    done = cicero("user", "import", f"{LINK.format(LARGE)}#gid=0", "--client", "polres_a")
    assert "20,000 new" in done.stdout


@pytest.mark.usefixtures("google")
def test_another_address_is_not_asked(cicero: Run) -> None:
    done = cicero("user", "import", "https://example.com/a.csv", "--client", "polres_a")
    assert done.exit_code == 2
    assert "https://example.com/a.csv is no link to a Google Sheet" in done.stderr
