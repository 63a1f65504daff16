"""Sheets that are shared with a service account: by Google's API, through gspread."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import gspread
import msgspec
import requests

from cicero_cli.domain.roster.sheet_links import SheetLink, gid_of
from cicero_cli.domain.roster.sheet_rows import Sheet
from cicero_cli.domain.roster.sheet_values import sheet_of_values
from cicero_cli.errors import CiceroError, InputError, UpstreamError
from cicero_cli.gateways.sheets.account import Account
from cicero_cli.gateways.sheets.http import Answer, Http
from cicero_cli.gateways.sheets.refusals import refusal_of
from cicero_cli.words import template

_OWN_ADDRESS = "https://sheets.googleapis.com"  # what gspread's addresses begin with
_WAITS = {429: (60.0,)}  # a minute's wait mends a quota
_OTHER_WAITS = (1.0, 4.0)
_SERVER_ERRORS = 500
_OTHER_SHAPE = template("Google's answer about the sheet is of another shape")


class PrivateSheets:
    """Reads sheets as a service account."""

    def __init__(
        self, sheets_url: str, account: Account, http: Http, *, sleep: Callable[[float], None]
    ) -> None:
        self._client = _Client(sheets_url, account, http, sleep)

    def read(self, link: SheetLink, tab: str | None = None) -> Sheet:
        """The tab of this name or number, else the one that the link shows, else the first that is not hidden."""
        title, tabs = self._about(link)
        return self._values(link, title, _choose_tab(tabs, link, tab, title).title)

    def read_tabs(self, link: SheetLink) -> dict[str, Sheet]:
        """Every tab that holds anything and is not hidden, by its name."""
        title, tabs = self._about(link)
        sheets = {
            tab.title: self._values(link, title, tab.title) for tab in tabs if not tab.is_hidden
        }
        return {name: sheet for name, sheet in sheets.items() if sheet.rows}

    def _about(self, link: SheetLink) -> tuple[str, list[_Tab]]:
        about = self._client.fetch_sheet_metadata(
            link.key,
            {
                "includeGridData": "false",
                "fields": "properties(title,locale,timeZone),sheets.properties",
            },
        )
        try:
            tabs = [one["properties"] for one in about["sheets"]]
            return str(about["properties"]["title"]), [
                _Tab(str(one["title"]), one["sheetId"], bool(one.get("hidden"))) for one in tabs
            ]
        except (KeyError, TypeError, AttributeError) as error:
            raise UpstreamError(_OTHER_SHAPE) from error

    def _values(self, link: SheetLink, title: str, tab: str) -> Sheet:
        quoted = tab.replace("'", "''")
        answer = self._client.values_get(
            link.key,
            f"'{quoted}'!A1:ZZ",
            {"valueRenderOption": "UNFORMATTED_VALUE", "majorDimension": "ROWS"},
        )
        values = answer.get("values", []) if isinstance(answer, dict) else None
        if not isinstance(values, list) or not all(isinstance(row, list) for row in values):
            raise UpstreamError(_OTHER_SHAPE)
        return sheet_of_values(f"{title} - {tab}", values)


@dataclass(frozen=True, slots=True)
class _Tab:
    title: str
    gid: int
    is_hidden: bool


def _choose_tab(tabs: Sequence[_Tab], link: SheetLink, tab: str | None, title: str) -> _Tab:
    if tab is not None:
        for one in tabs:
            if one.title.casefold().strip() == tab.casefold().strip():
                return one
    gid = link.gid if tab is None else gid_of(tab)
    for one in tabs:
        if gid is not None and one.gid == gid:
            return one
    if tab is None and gid is None and tabs:
        return next((one for one in tabs if not one.is_hidden), tabs[0])
    raise InputError(
        "{book} has no tab {tab!r}",
        hint="there are: {names}",
        book=title,
        tab=str(gid) if tab is None else tab,
        names=", ".join(repr(one.title) for one in tabs[:20]),
    )


class _Client(gspread.HTTPClient):
    """gspread's client, which asks our address with our limits, and raises our errors."""

    def __init__(
        self, sheets_url: str, account: Account, http: Http, sleep: Callable[[float], None]
    ) -> None:
        super().__init__(auth=None, session=requests.Session())  # type: ignore[arg-type] # unused with a session
        self._sheets_url = sheets_url
        self._account = account
        self._http = http
        self._sleep = sleep

    def request(
        self, method: str, endpoint: str, params: Any = None, *_: Any, **__: Any
    ) -> requests.Response:
        url = self._sheets_url + endpoint.removeprefix(_OWN_ADDRESS)
        answer = self._ask(method, url, params)
        waits = _WAITS.get(answer.status, _OTHER_WAITS)
        for wait in waits if answer.status == 429 or answer.status >= _SERVER_ERRORS else ():  # noqa: PLR2004
            self._sleep(wait)
            answer = self._ask(method, url, params)
            if answer.status == HTTPStatus.OK:
                break
        if answer.status != HTTPStatus.OK:
            raise self._refusal(answer)
        if answer.kind != "application/json":
            raise UpstreamError(
                "Google sent {kind} instead of the sheet", kind=answer.kind[:40] or "nothing"
            )
        return _response(answer)

    def _ask(self, method: str, url: str, params: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self._account.token()}"}
        return self._http.ask(method.upper(), url, params=params, headers=headers)

    def _refusal(self, answer: Answer) -> CiceroError:
        try:
            error = msgspec.json.decode(answer.body)["error"]
            status, message = str(error.get("status", "")), str(error.get("message", ""))
        except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
            status, message = "", ""
        return refusal_of(answer.status, status, message, email=self._account.email)


def _response(answer: Answer) -> requests.Response:
    response = requests.Response()
    response.status_code = answer.status
    response.encoding = "utf-8"
    response.raw = io.BytesIO(answer.body)
    return response
