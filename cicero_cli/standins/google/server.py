"""The stand-in itself: docs.google.com, its export's host, the Sheets API and the token endpoint at one loopback address."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import msgspec

from cicero_cli.standins.faults import Faults
from cicero_cli.standins.google import faults
from cicero_cli.standins.google.faults import HTML, JSON, Fault, Trouble
from cicero_cli.standins.google.spreadsheets import (
    Access,
    Spreadsheet,
    as_csv,
    as_workbook,
    disposition,
)
from cicero_cli.standins.google.tokens import Tokens
from cicero_cli.standins.loopback import LoopbackHandler, LoopbackServer

_LOGIN = "https://accounts.google.com/ServiceLogin?service=wise&passive=1209600"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXPORT = re.compile(r"/(export-content|spreadsheets)/d/(e/)?([\w-]+)/(?:export|pub)")
_DRIP_SECONDS = 0.05
Answer = tuple[int, str, bytes, Mapping[str, str]]  # status, kind, body, headers


class StandIn:
    """Serves from `__enter__` to `__exit__`; `requests` has every path asked for, `faults` may be changed meanwhile."""

    def __init__(self, spreadsheets: Iterable[Spreadsheet] = (), *, port: int = 0) -> None:
        self.spreadsheets = list(spreadsheets)
        self.faults = Faults[Fault]()
        self.requests: list[str] = []
        self.stopping = threading.Event()
        self._server = _Server(port, self)

    @property
    def url(self) -> str:
        """The address for CICERO_GOOGLE_SHEETS_URL and CICERO_GOOGLE_DOCS_URL."""
        return f"http://{self._server.address}"

    @cached_property
    def tokens(self) -> Tokens:
        """The service account that the stand-in knows."""
        return Tokens(self.url)

    @property
    def account(self) -> str:
        """What GOOGLE_SERVICE_ACCOUNT holds for it."""
        return msgspec.json.encode(self.tokens.account).decode()

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.stop()

    def answer(self, path: str, query: Mapping[str, str], token: str, body: bytes) -> Answer:
        """The answer to one request."""
        if fault := self.faults.find(lambda one: one.strikes(path)):
            return _struck(fault.trouble, path)
        if path == "/token":
            status, content = self.tokens.give(body)
            return status, JSON, content, {}
        if path.startswith("/v4/spreadsheets/"):
            return self._api(path.removeprefix("/v4/spreadsheets/"), query, token)
        found = _EXPORT.fullmatch(path)
        return self._export(found, query) if found else _page(404, "Page not found")

    def _export(self, found: re.Match[str], query: Mapping[str, str]) -> Answer:
        place, is_published, key = found.groups()
        keys = {(one.published_key if is_published else one.key): one for one in self.spreadsheets}
        sheet = keys.get(key)
        if sheet is None:
            return _page(404, "Sorry, the file you have requested does not exist.")
        if not is_published and sheet.access is not Access.PUBLIC:
            return 302, HTML, b"", {"Location": _LOGIN}
        if place == "spreadsheets":
            path = found[0].replace("/spreadsheets/", "/export-content/", 1)
            return 307, HTML, b"", {"Location": f"{self.url}{path}?{urlencode(query)}"}
        tab = sheet.find(query.get("gid", ""))
        if tab is None:
            return _page(400, "Sorry, unable to open the file at this time.")
        if query.get("format") == "xlsx":
            name, kind, content = f"{sheet.title}.xlsx", _XLSX, as_workbook(sheet)
        else:
            name, kind, content = f"{sheet.title} - {tab.title}.csv", "text/csv", as_csv(tab)
        return 200, kind, content, {"Content-Disposition": disposition(name)}

    def _api(self, rest: str, query: Mapping[str, str], token: str) -> Answer:
        key, _, asked = unquote(rest).partition("/values/")
        sheet = {one.key: one for one in self.spreadsheets}.get(key)
        if not self.tokens.is_known(token):
            return _error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
        if sheet is None:
            return _error(404, "NOT_FOUND", "Requested entity was not found.")
        if sheet.access is Access.PRIVATE:
            return _error(403, "PERMISSION_DENIED", "The caller does not have permission")
        if sheet.is_office:
            unsupported = "This operation is not supported for this document"
            return _error(400, "FAILED_PRECONDITION", unsupported)
        return self._values(sheet, asked, query)

    def _values(self, sheet: Spreadsheet, asked: str, query: Mapping[str, str]) -> Answer:
        if not asked:
            return 200, JSON, msgspec.json.encode(sheet.about()), {}
        names = {"'{}'!A1:ZZ".format(tab.title.replace("'", "''")): tab for tab in sheet.tabs}
        tab = names.get(asked)
        if tab is None or query.get("valueRenderOption") != "UNFORMATTED_VALUE":
            return _error(400, "INVALID_ARGUMENT", f"Unable to parse range: {asked}")
        values: dict[str, Any] = {"values": tab.values()} if tab.values() else {}
        document = {"range": asked, "majorDimension": "ROWS", **values}
        return 200, JSON, msgspec.json.encode(document), {}


def _struck(trouble: Trouble, path: str) -> Answer:
    status, word, message = trouble.value
    if trouble is Trouble.LOOP:
        return status, HTML, b"", {"Location": path}
    if trouble is Trouble.ELSEWHERE:
        return status, HTML, b"", {"Location": "http://169.254.169.254/latest/"}
    if trouble is Trouble.DRIP:
        return 0, "", b"", {}
    if not word:
        return _page(status, message)
    if path == "/token":
        return status, JSON, faults.token_error(word, message), {}
    return _error(status, word, message)


def _page(status: int, title: str) -> Answer:
    return status, HTML, faults.page(title), {}


def _error(code: int, status: str, message: str) -> Answer:
    return code, JSON, faults.api_error(code, status, message), {}


class _Server(LoopbackServer):
    def __init__(self, port: int, standin: StandIn) -> None:
        super().__init__(port, _Handler)
        self.standin = standin


class _Handler(LoopbackHandler):
    server: _Server

    def serve(self) -> None:
        standin = self.server.standin
        standin.requests.append(self.path)
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = self.headers.get("Authorization", "")
        query = dict(parse_qsl(parts.query))
        status, kind, content, headers = standin.answer(parts.path, query, token, body)
        if status:
            self.reply(status, content, headers, kind=kind, length=len(content))
        else:
            self._drip()

    def _drip(self) -> None:
        self.reply(200, b"", {}, kind="text/csv", length=1_000_000)
        with suppress(OSError):
            while not self.server.standin.stopping.wait(_DRIP_SECONDS):
                self.wfile.write(b"N")
