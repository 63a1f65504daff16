"""Sheets that anybody with the link may read, and published ones: by their export, without credentials."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote, urljoin, urlsplit

from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.domain.roster.sheet_links import SheetLink, gid_of
from cicero_cli.domain.roster.sheet_rows import Sheet
from cicero_cli.domain.roster.sheet_workbook import is_workbook, read_tabs, read_workbook
from cicero_cli.errors import CiceroError, InputError, RejectedError, TryLaterError, UpstreamError
from cicero_cli.gateways.sheets.http import Answer, Http
from cicero_cli.words import template

_MOST_REDIRECTS = 4
_TRIES = 3
_SERVER_ERRORS = 500
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SHARE = template(
    "in the sheet: Share, General access, Anyone with the link; or set GOOGLE_SERVICE_ACCOUNT (docs/import.md),"
    " or download the sheet and import the file"
)
_LATER = template("wait some minutes; or download the sheet and import the file")


class PublicSheets:
    """Reads sheets through `docs_url`."""

    def __init__(self, docs_url: str, http: Http, *, sleep: Callable[[float], None]) -> None:
        self._docs_url = docs_url
        self._http = http
        self._sleep = sleep

    def read(self, link: SheetLink, tab: str | None = None) -> Sheet:
        """The tab of this name or number, else the one that the link shows, else the first that holds anything.

        A whole workbook has numbers as the sheet holds them, but its tabs have no numbers: one that is named by number comes
        as it is shown. InputError, RejectedError: what the sheet's owner can mend. TryLaterError: what time mends.
        """
        gid = link.gid if tab is None else gid_of(tab)
        if link.is_published and tab is not None and gid is None:
            raise InputError(
                "the tabs of a published sheet have no names",
                hint="name its number, the gid of its address: --tab 0",
            )
        if link.is_published:
            path = f"/spreadsheets/d/e/{link.key}/pub?output=csv" + (
                "" if gid is None else f"&gid={gid}&single=true"
            )
        elif gid is not None:
            path = f"/spreadsheets/d/{link.key}/export?format=csv&gid={gid}"
        else:
            path = f"/spreadsheets/d/{link.key}/export?format=xlsx"
        answer = self._ask(f"{self._docs_url}{path}")
        name = _file_name(answer) or f"Google Sheet {link.key[:8]}…"
        if is_workbook(answer.body):
            return read_workbook(answer.body, name, tab=None if gid is not None else tab)
        if answer.kind != "text/csv":
            raise _no_sheet(answer)
        return read_csv(answer.body, name)

    def read_tabs(self, link: SheetLink) -> dict[str, Sheet]:
        """Every tab that holds anything, by its name; none of a published sheet, whose tabs have no names. Errors as above."""
        if link.is_published:
            return {}
        answer = self._ask(f"{self._docs_url}/spreadsheets/d/{link.key}/export?format=xlsx")
        if not is_workbook(answer.body):
            raise _no_sheet(answer)
        return read_tabs(answer.body, _file_name(answer) or f"Google Sheet {link.key[:8]}…")

    def _ask(self, url: str) -> Answer:
        for attempt in range(_TRIES):
            answer = self._follow(url)
            if answer.status < _SERVER_ERRORS:
                break
            if attempt < _TRIES - 1:
                self._sleep(2.0**attempt)
        if answer.status != HTTPStatus.OK:
            raise _refusal(answer.status)
        return answer

    def _follow(self, url: str) -> Answer:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._http.ask("GET", url)
            if answer.status not in _REDIRECTS:
                return answer
            url = urljoin(url, answer.headers.get("location", ""))
            self._check_place(url)
        raise UpstreamError("Google leads round in circles instead of giving the sheet")

    def _check_place(self, url: str) -> None:
        """Only Google's own export may be followed to; a log-in means that the sheet is not shared."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host == "accounts.google.com" or parts.path.startswith("/ServiceLogin"):
            raise _refusal(HTTPStatus.UNAUTHORIZED)
        own = urlsplit(self._docs_url)
        is_own = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        if not is_own and not (parts.scheme == "https" and host.endswith(".googleusercontent.com")):
            raise UpstreamError(
                "Google leads to {host} instead of giving the sheet", host=host[:80]
            )


_REFUSALS: dict[int, tuple[type[CiceroError], str, str]] = {
    401: (RejectedError, template("the sheet is not shared with everybody"), _SHARE),
    400: (
        InputError,
        template("the sheet has no tab of this number"),
        template("open the tab in the browser and copy the address anew: its gid is the number"),
    ),
    404: (
        InputError,
        template("there is no such Google Sheet, or it was deleted"),
        template("open it in the browser and copy the address anew"),
    ),
    403: (
        RejectedError,
        template("the sheet's owner or domain forbids downloading it"),
        template("share it with a service account (GOOGLE_SERVICE_ACCOUNT, docs/import.md)"),
    ),
    429: (TryLaterError, template("Google was asked too often from this machine"), _LATER),
}


def _refusal(status: int) -> CiceroError:
    if known := _REFUSALS.get(status):
        kind, message, hint = known
        return kind(message, hint=hint)
    if status >= _SERVER_ERRORS:
        return TryLaterError("Google answers {status}", hint=_LATER, status=status)
    return UpstreamError("Google answers {status} instead of the sheet", status=status)


def _file_name(answer: Answer) -> str:
    """TITLE - TAB.csv, as the export calls itself."""
    found = re.search(r"filename\*=UTF-8''([^;\s]+)", answer.headers.get("content-disposition", ""))
    return "".join(filter(str.isprintable, unquote(found[1])))[:80] if found else ""


def _no_sheet(answer: Answer) -> CiceroError:
    """A page where a sheet should be: most often one to log in."""
    if b"ServiceLogin" in answer.body or b"accounts.google.com" in answer.body:
        return _refusal(HTTPStatus.UNAUTHORIZED)
    return UpstreamError(
        "Google sent {kind} instead of the sheet", hint=_SHARE, kind=answer.kind[:40] or "nothing"
    )
