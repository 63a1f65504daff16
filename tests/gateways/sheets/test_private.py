"""Sheets of a service account: what comes back, and the sentence for each answer that is no sheet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cicero_cli.core.setting_values import Secret
from cicero_cli.domain.roster.sheet_links import SheetLink
from cicero_cli.errors import CiceroError, SettingError
from cicero_cli.gateways.sheets.account import Account, read_account
from cicero_cli.gateways.sheets.http import Http
from cicero_cli.gateways.sheets.private import PrivateSheets
from cicero_cli.standins.google.faults import Fault, Trouble
from cicero_cli.standins.google.server import StandIn
from cicero_cli.standins.google.spreadsheets import Access, Spreadsheet, Tab

KEY = "1AbCdEfGhIjKlMnOpQrStUvWxYz"
EMAIL = "cicero@stand-in.iam.gserviceaccount.com"
HIDDEN = Tab(title="Rahasia", gid=3, rows=[["x"]], hidden=True)
PEOPLE = Tab(title="Polres 'A'", gid=0, rows=[["NRP", "Nama"], [85010001, "Budi"], ["08", None]])
OTHER = Tab(title="Lain", gid=7, rows=[["NRP", "Nama"], [85010009, "Citra"]])
EMPTY = Tab(title="Kosong", gid=8)
SHARED = Spreadsheet(key=KEY, tabs=[HIDDEN, PEOPLE, OTHER, EMPTY], access=Access.SHARED)


@pytest.fixture(scope="module")
def serving() -> Iterator[StandIn]:
    sheets = [
        SHARED,
        Spreadsheet(key="1Private", access=Access.PRIVATE),
        Spreadsheet(key="1Office", access=Access.SHARED, is_office=True),
    ]
    with StandIn(sheets) as standin:
        yield standin


@pytest.fixture
def google(serving: StandIn) -> StandIn:
    serving.faults.clear()
    serving.requests.clear()
    return serving


def read(
    google: StandIn,
    link: SheetLink,
    tab: str | None = None,
    slept: list[float] | None = None,
    key: str = "",
) -> list[list[str]]:
    http = Http()
    try:
        account = Account(read_account(Secret(key or google.account)), http)
        sheets = PrivateSheets(
            google.url, account, http, sleep=([] if slept is None else slept).append
        )
        return [list(row.cells) for row in sheets.read(link, tab).rows]
    finally:
        http.close()


@pytest.mark.parametrize(
    ("gid", "tab", "first"),
    [
        (None, None, ["85010001", "Budi"]),
        (7, None, ["85010009", "Citra"]),
        (None, "lain", ["85010009", "Citra"]),
        (None, "7", ["85010009", "Citra"]),
        (7, "polres 'a'", ["85010001", "Budi"]),
    ],
)
def test_the_tab_that_was_meant_is_read(
    google: StandIn, gid: int | None, tab: str | None, first: list[str]
) -> None:
    assert read(google, SheetLink(KEY, gid), tab)[1] == first


def test_an_empty_tab_has_no_rows(google: StandIn) -> None:
    assert read(google, SheetLink(KEY, 8)) == []


def test_all_tabs_are_read_but_hidden_and_empty_ones(google: StandIn) -> None:
    http = Http()
    account = Account(read_account(Secret(google.account)), http)
    tabs = PrivateSheets(google.url, account, http, sleep=lambda _: None).read_tabs(SheetLink(KEY))
    http.close()
    assert {name: (sheet.name, sheet.rows[1].cells[0]) for name, sheet in tabs.items()} == {
        "Polres 'A'": ("Personel - Polres 'A'", "85010001"),
        "Lain": ("Personel - Lain", "85010009"),
    }
    assert len(google.requests) == 5  # a token, about the sheet, three tabs


def test_reading_takes_one_token_and_two_requests(google: StandIn) -> None:
    read(google, SheetLink(KEY))
    assert [path.partition("?")[0] for path in google.requests] == [
        "/token",
        f"/v4/spreadsheets/{KEY}",
        f"/v4/spreadsheets/{KEY}/values/%27Polres%20%27%27A%27%27%27%21A1%3AZZ",
    ]


@pytest.mark.parametrize(
    ("key", "tab", "trouble", "line"),
    [
        (
            "1Private",
            None,
            None,
            f"the sheet is not shared with the service account (share the sheet with {EMAIL} (Viewer is enough))",
        ),
        ("1Unknown", None, None, "there is no such Google Sheet, or it was deleted"),
        ("1Office", None, None, "this is an Excel file in Google Drive, not a Google Sheet"),
        (KEY, "Tiada", None, "Personel has no tab 'Tiada' (there are: 'Rahasia', "),
        (KEY, None, Trouble.DISABLED, "the Google Sheets API is switched off in the service"),
        (KEY, None, Trouble.QUOTA, f"Google's quota for {EMAIL} is used up for this minute"),
        (KEY, None, Trouble.UNAVAILABLE, "Google answers 503"),
        (KEY, None, Trouble.PAGE_500, "Google answers 500"),
        (KEY, None, Trouble.ODD_PAGE, "Google sent text/html instead of the sheet"),
    ],
)
def test_an_answer_that_is_no_sheet_has_its_sentence(
    google: StandIn, key: str, tab: str | None, trouble: Trouble | None, line: str
) -> None:
    if trouble:
        google.faults.add(Fault(trouble, path="/v4/"))
    with pytest.raises(CiceroError) as caught:
        read(google, SheetLink(key), tab)
    assert caught.value.line.startswith(line)


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (
            Trouble.BAD_SIGNATURE,
            f"Google does not take the key of {EMAIL}: it was revoked, or is another account's",
        ),
        (
            Trouble.WRONG_CLOCK,
            "Google does not take the account's signature: this machine's clock is wrong",
        ),
    ],
)
def test_a_token_that_is_refused_has_its_sentence(
    google: StandIn, trouble: Trouble, message: str
) -> None:
    google.faults.add(Fault(trouble, path="/token"))
    with pytest.raises(SettingError) as caught:
        read(google, SheetLink(KEY))
    assert caught.value.message == message


def test_a_key_of_another_account_is_refused(google: StandIn) -> None:
    with StandIn() as other:
        foreign = json.dumps({**json.loads(other.account), "token_uri": f"{google.url}/token"})
    with pytest.raises(SettingError, match="it was revoked, or is another account's"):
        read(google, SheetLink(KEY), key=foreign)


def test_a_quota_is_waited_for_once(google: StandIn) -> None:
    google.faults.add(Fault(Trouble.QUOTA, path="/v4/", times=1))
    slept: list[float] = []
    assert read(google, SheetLink(KEY), slept=slept)
    assert slept == [60.0]


def test_a_passing_error_is_asked_again(google: StandIn) -> None:
    google.faults.add(Fault(Trouble.UNAVAILABLE, path="/v4/", times=2))
    slept: list[float] = []
    assert read(google, SheetLink(KEY), slept=slept)
    assert slept == [1.0, 4.0]


def test_the_account_may_be_a_file(google: StandIn, tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text(google.account, encoding="utf-8")
    assert read_account(Secret(str(file)))["client_email"] == EMAIL


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("/nowhere/a.json", "the file of GOOGLE_SERVICE_ACCOUNT cannot be read: No such file or directory"),
        ("{", "GOOGLE_SERVICE_ACCOUNT is neither a file nor JSON"),
        ('{"type": "authorized_user"}', "GOOGLE_SERVICE_ACCOUNT is no key of a service account"),
    ],
)  # fmt: skip
def test_what_is_no_account_is_a_wrong_setting(text: str, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_account(Secret(text))
    assert caught.value.message == message


def test_a_private_key_that_is_none_is_a_wrong_setting(google: StandIn) -> None:
    account = {**json.loads(google.account), "private_key": "x"}
    with pytest.raises(SettingError, match="the private key of GOOGLE_SERVICE_ACCOUNT"):
        Account(account, Http())


def test_a_netrc_does_not_take_the_tokens_place(
    google: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert read(google, SheetLink(KEY))
