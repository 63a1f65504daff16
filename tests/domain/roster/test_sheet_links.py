from __future__ import annotations

import pytest

from cicero_cli.domain.roster.sheet_links import SheetLink, find_sheet_link
from cicero_cli.errors import InputError

KEY = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcdE"
PUBLISHED = "2PACX-1vQabcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DOCS = "https://docs.google.com"


@pytest.mark.parametrize(
    ("source", "gid"),
    [
        (f"{DOCS}/spreadsheets/d/{KEY}/edit?gid=7#gid=7", 7),
        (f"{DOCS}/spreadsheets/d/{KEY}/edit#gid=7", 7),
        (f"{DOCS}/spreadsheets/d/{KEY}/edit?usp=sharing", None),
        (f"{DOCS}/spreadsheets/d/{KEY}/edit?usp=sharing&ouid=1&rtpof=true&sd=true", None),
        (f"{DOCS}/spreadsheets/d/{KEY}/view", None),
        (f"{DOCS}/spreadsheets/d/{KEY}/htmlview#gid=0", 0),
        (f"{DOCS}/spreadsheets/d/{KEY}", None),
        (f"{DOCS}/spreadsheets/u/1/d/{KEY}/edit#gid=7", 7),
        (f"{DOCS}/spreadsheets/d/u/1/d/{KEY}/edit".replace("/d/u/1/d/", "/u/1/d/"), None),
        (f"{DOCS}/a/polri.go.id/spreadsheets/d/{KEY}/edit#gid=7", 7),
        (f"{DOCS}/spreadsheets/d/{KEY}/export?format=csv&gid=7", 7),
        (f"docs.google.com/spreadsheets/d/{KEY}/edit", None),
        (f"  <{DOCS}/spreadsheets/d/{KEY}/edit#gid=7>  ", 7),
        (f"https://drive.google.com/file/d/{KEY}/view?usp=drive_link", None),
        (f"https://drive.google.com/open?id={KEY}", None),
        (KEY, None),
    ],
)
def test_every_link_that_people_paste_names_its_sheet(source: str, gid: int | None) -> None:
    assert find_sheet_link(source) == SheetLink(KEY, gid)


@pytest.mark.parametrize(
    ("source", "gid"),
    [
        (f"{DOCS}/spreadsheets/d/e/{PUBLISHED}/pub?gid=7&single=true&output=csv", 7),
        (f"{DOCS}/spreadsheets/d/e/{PUBLISHED}/pubhtml", None),
    ],
)
def test_a_published_sheet_has_a_key_of_its_own(source: str, gid: int | None) -> None:
    assert find_sheet_link(source) == SheetLink(PUBLISHED, gid, is_published=True)


@pytest.mark.parametrize(
    "source",
    ["-", "people.csv", "data/people.xlsx", "./1abc", "people", "12345678901234567890123456789"],
)
def test_a_file_is_no_link(source: str) -> None:
    assert find_sheet_link(source) is None


@pytest.mark.parametrize(
    "source",
    [
        "https://example.com/people.csv",
        f"https://docs.google.com.example.com/spreadsheets/d/{KEY}/edit",
        f"https://docs.google.com@example.com/spreadsheets/d/{KEY}/edit",
        "https://docs.google.com/document/d/abc/edit",
        "https://docs.google.com/spreadsheets/",
        "https://drive.google.com/drive/folders/1AbCdEfGhIjKlMnOpQrStUvWxYz",
        "https://[",
    ],
)
def test_another_address_is_refused(source: str) -> None:
    with pytest.raises(InputError):
        find_sheet_link(source)
