"""Public and published sheets: what comes back, and the sentence for each answer that is no sheet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cicero_cli.domain.roster.sheet_links import SheetLink
from cicero_cli.errors import CiceroError, InputError, TryLaterError, UpstreamError
from cicero_cli.gateways.sheets.http import Http
from cicero_cli.gateways.sheets.public import PublicSheets
from cicero_cli.standins.google.faults import Fault, Trouble
from cicero_cli.standins.google.server import StandIn
from cicero_cli.standins.google.spreadsheets import Access, Shown, Spreadsheet, Tab

KEY = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
PUBLISHED = "2PACX-1vQabcdefghijklmnopqrstuvwxyz"
PEOPLE = Tab(
    title="Personel",
    gid=0,
    rows=[["NRP", "Nama"], [Shown(85010001, "8,50101E+07"), "Budi"], ["081234", "Ani, S.H."]],
)
OTHER = Tab(title="Lain", gid=7, rows=[["NRP", "Nama"], [85010009, "Citra"]])
PUBLIC = Spreadsheet(key=KEY, tabs=[PEOPLE, OTHER], published_key=PUBLISHED)


@pytest.fixture
def google() -> Iterator[StandIn]:
    with StandIn([PUBLIC, Spreadsheet(key="1Private", access=Access.PRIVATE)]) as standin:
        yield standin


def read(
    google: StandIn, link: SheetLink, tab: str | None = None, slept: list[float] | None = None
) -> list[list[str]]:
    waits = [] if slept is None else slept
    http = Http(longest_seconds=2)
    try:
        sheet = PublicSheets(google.url, http, sleep=waits.append).read(link, tab)
    finally:
        http.close()
    return [list(row.cells) for row in sheet.rows]


@pytest.mark.parametrize(
    ("link", "tab", "first"),
    [
        (SheetLink(KEY), None, ["85010001", "Budi"]),
        (SheetLink(KEY), "lain", ["85010009", "Citra"]),
        (SheetLink(KEY, 7), None, ["85010009", "Citra"]),
        (SheetLink(KEY, 7), "Personel", ["85010001", "Budi"]),
        (SheetLink(KEY), "7", ["85010009", "Citra"]),
        (SheetLink(KEY, 0), None, ["8,50101E+07", "Budi"]),
        (SheetLink(PUBLISHED, 7, is_published=True), None, ["85010009", "Citra"]),
        (SheetLink(PUBLISHED, is_published=True), None, ["8,50101E+07", "Budi"]),
    ],
)
def test_the_tab_that_was_meant_is_read(
    google: StandIn, link: SheetLink, tab: str | None, first: list[str]
) -> None:
    assert read(google, link, tab)[1] == first


def test_all_tabs_come_with_their_names_but_those_of_a_published_sheet(google: StandIn) -> None:
    sheets = PublicSheets(google.url, Http(), sleep=lambda _: None)
    tabs = sheets.read_tabs(SheetLink(KEY, 7))
    assert {name: sheet.rows[1].cells[0] for name, sheet in tabs.items()} == {
        "Personel": "85010001",
        "Lain": "85010009",
    }
    assert sheets.read_tabs(SheetLink(PUBLISHED, is_published=True)) == {}
    with pytest.raises(CiceroError, match="not shared with everybody"):
        sheets.read_tabs(SheetLink("1Private"))


def test_a_sheet_is_called_as_its_title(google: StandIn) -> None:
    sheet = PublicSheets(google.url, Http(), sleep=lambda _: None).read(SheetLink(KEY, 7))
    assert sheet.name == "Personel - Lain.csv"


@pytest.mark.parametrize(
    ("key", "gid", "trouble", "sentence"),
    [
        ("1Private", None, None, "the sheet is not shared with everybody"),
        (KEY, 0, Trouble.PAGE_401, "the sheet is not shared with everybody"),
        (KEY, 0, Trouble.LOGIN_PAGE, "the sheet is not shared with everybody"),
        (KEY, 0, Trouble.ODD_PAGE, "Google sent text/html instead of the sheet"),
        (KEY, 99, None, "the sheet has no tab of this number"),
        ("1Unknown", None, None, "there is no such Google Sheet, or it was deleted"),
        (KEY, 0, Trouble.PAGE_403, "the sheet's owner or domain forbids downloading it"),
        (KEY, 0, Trouble.LOOP, "Google leads round in circles instead of giving the sheet"),
        (KEY, 0, Trouble.ELSEWHERE, "Google leads to 169.254.169.254 instead of giving the sheet"),
    ],
)
def test_an_answer_that_is_no_sheet_has_its_sentence(
    google: StandIn, key: str, gid: int | None, trouble: Trouble | None, sentence: str
) -> None:
    if trouble:
        google.faults.add(Fault(trouble))
    with pytest.raises(CiceroError) as caught:
        read(google, SheetLink(key, gid))
    assert caught.value.message == sentence


@pytest.mark.parametrize("trouble", [Trouble.PAGE_429, Trouble.PAGE_500])
def test_what_time_mends_is_said_so(google: StandIn, trouble: Trouble) -> None:
    google.faults.add(Fault(trouble))
    with pytest.raises(TryLaterError):
        read(google, SheetLink(KEY))


def test_a_passing_error_is_asked_again(google: StandIn) -> None:
    google.faults.add(Fault(Trouble.PAGE_500, times=2))
    slept: list[float] = []
    assert read(google, SheetLink(KEY), slept=slept)[1] == ["85010001", "Budi"]
    assert slept == [1.0, 2.0]


def test_a_published_sheet_has_no_tab_names(google: StandIn) -> None:
    with pytest.raises(InputError, match="tabs of a published sheet have no names"):
        read(google, SheetLink(PUBLISHED, is_published=True), "Personel")


def test_an_answer_that_drips_has_an_end(google: StandIn) -> None:
    google.faults.add(Fault(Trouble.DRIP))
    with pytest.raises(UpstreamError, match="gave no whole answer within 0"):
        PublicSheets(google.url, Http(longest_seconds=0.3), sleep=lambda _: None).read(
            SheetLink(KEY)
        )


def test_an_answer_that_never_ends_is_too_large(google: StandIn) -> None:
    http = Http(most_bytes=10)
    with pytest.raises(UpstreamError, match="larger than"):
        PublicSheets(google.url, http, sleep=lambda _: None).read(SheetLink(KEY, 0))


def test_a_google_that_is_not_there_is_named() -> None:
    with pytest.raises(UpstreamError, match=r"127\.0\.0\.1:9 cannot be reached: ConnectionError"):
        PublicSheets("http://127.0.0.1:9", Http(), sleep=lambda _: None).read(SheetLink(KEY))
