"""The way to a Google Sheet that the settings leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cicero_cli.core.settings import Settings
from cicero_cli.domain.roster.sheet_links import SheetLink
from cicero_cli.domain.roster.sheet_rows import Sheet
from cicero_cli.errors import SettingError
from cicero_cli.gateways.sheets.http import Http
from cicero_cli.gateways.sheets.public import PublicSheets

if TYPE_CHECKING:
    from cicero_cli.gateways.sheets.private import PrivateSheets


def read_link(
    settings: Settings, link: SheetLink, tab: str | None, *, sleep: Callable[[float], None]
) -> Sheet:
    """The sheet behind a link: as the service account when there is one, else as anybody may; published ones always so."""
    with _open(settings, link, sleep) as sheets:
        return sheets.read(link, tab)


def read_tabs(
    settings: Settings, link: SheetLink, *, sleep: Callable[[float], None]
) -> dict[str, Sheet]:
    """All tabs behind a link that hold anything, by their names."""
    with _open(settings, link, sleep) as sheets:
        return sheets.read_tabs(link)


@contextmanager
def _open(
    settings: Settings, link: SheetLink, sleep: Callable[[float], None]
) -> Iterator[PublicSheets | PrivateSheets]:
    http = Http()
    try:
        if settings.google_service_account is None or link.is_published:
            yield PublicSheets(settings.google_docs_url, http, sleep=sleep)
            return
        try:
            # here, because gspread and google-auth take their time and are an extra
            from cicero_cli.gateways.sheets.account import Account, read_account
            from cicero_cli.gateways.sheets.private import PrivateSheets

            account = Account(read_account(settings.google_service_account), http)
        except ImportError as error:
            raise SettingError(
                "private Google Sheets need the extra sheets",
                hint="install it: pip install -e '.[sheets]' in the checkout (docs/import.md)",
            ) from error
        yield PrivateSheets(settings.google_sheets_url, account, http, sleep=sleep)
    finally:
        http.close()
