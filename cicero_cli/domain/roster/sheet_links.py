"""Links to Google Sheets as people paste them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from cicero_cli.errors import InputError

_KEY = re.compile(r"[A-Za-z0-9_-]{25,60}")
_ANY_KEY = r"(?P<key>[A-Za-z0-9_-]{10,200})"
_HOSTS = frozenset({"docs.google.com", "drive.google.com", "spreadsheets.google.com"})
_PUBLISHED = re.compile(rf"(?:/a/[^/]+)?/spreadsheets/(?:u/\d+/)?d/e/{_ANY_KEY}(?:/.*)?")
_SHEET = re.compile(
    rf"(?:/a/[^/]+)?/(?:spreadsheets|file)/(?:u/\d+/)?d/(?:u/\d+/)?{_ANY_KEY}(?:/.*)?"
)
_GID = re.compile(r"\d{1,10}")


@dataclass(frozen=True, slots=True)
class SheetLink:
    """A sheet at Google's. `gid`: the tab that the link shows; `is_published`: its key is one of a published copy."""

    key: str
    gid: int | None = None
    is_published: bool = False


def find_sheet_link(source: str) -> SheetLink | None:
    """The sheet that a source names; None when it is a file, InputError for an address that is no sheet."""
    source = source.strip().strip("<>\"'")
    if not re.match(r"https?://|(?:docs|drive)\.google\.com/", source, re.IGNORECASE):
        is_key = _KEY.fullmatch(source) and re.search(r"\d", source) and not source.isdigit()
        return SheetLink(source) if is_key else None
    try:
        parts = urlsplit(source if "://" in source else f"https://{source}")
        host = (parts.hostname or "").lower()
    except ValueError:
        host = ""
    if host not in _HOSTS:
        raise InputError(
            "{source} is no link to a Google Sheet",
            hint="paste the sheet's address as the browser shows it, or download the sheet and import the file",
            source=source,
        )
    asked = {**parse_qs(parts.query), **parse_qs(parts.fragment)}
    gid = next((int(text) for text in asked.get("gid", []) if _GID.fullmatch(text)), None)
    if found := _PUBLISHED.fullmatch(parts.path):
        return SheetLink(found["key"], gid, is_published=True)
    if found := _SHEET.fullmatch(parts.path):
        return SheetLink(found["key"], gid)
    for name in ("id", "key"):  # drive.google.com/open?id=KEY
        if key := next((text for text in asked.get(name, []) if _KEY.fullmatch(text)), None):
            return SheetLink(key, gid)
    raise InputError(
        "{source} names no sheet",
        hint="open the sheet itself and copy its address: docs.google.com/spreadsheets/d/…",
        source=source,
    )


def gid_of(tab: str) -> int | None:
    """The number of a tab when `--tab` is one."""
    return int(tab) if _GID.fullmatch(tab.strip()) else None
