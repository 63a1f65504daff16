"""Lists of made-up people: their handles, so that a made-up account can have likes of theirs, and the list as a workbook."""

from __future__ import annotations

import io
from csv import DictReader
from pathlib import Path

from cicero_cli.domain.platforms import Platform

_COLUMNS = {Platform.INSTA: ("insta", "Instagram"), Platform.TIKTOK: ("tiktok", "TikTok")}
_HEADINGS = {"NRP": "NRP / NIP", "Pangkat": "PANGKAT / GOL", "No HP": "NO. HP / WA"}


def read_handles(roster: Path, platform: Platform) -> list[str]:
    """The handles in a CSV file that has a column insta or Instagram, tiktok or TikTok; empty cells have none."""
    handles = [
        next(row[name] for name in _COLUMNS[platform] if name in row) for row in _people(roster)
    ]
    plain = [
        handle.removeprefix("https://www.instagram.com/").strip("/@").lower() for handle in handles
    ]
    return [handle for handle in plain if handle]


def choose_engaged(handles: list[str], posts: int) -> list[list[str]]:
    """Who engaged with each post: the first third with every one; of the others, fewer with each next post."""
    return [
        [handle for index, handle in enumerate(handles) if index % 3 == 0 or index % 4 < 2 - number]
        for number in range(posts)
    ]


def write_workbook(roster: Path, title: str) -> bytes:
    """The list as a workbook: below a title, with running numbers, with ids and phones as numbers that have lost their zeros."""
    from xlsxwriter import Workbook

    people = _people(roster)
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Personel")
        sheet.write_string(0, 0, title.upper())
        sheet.write_row(2, 0, ["NO.", *(_HEADINGS.get(name, name.upper()) for name in people[0])])
        for number, person in enumerate(people, start=1):
            cells = [int(cell) if cell.isdecimal() else cell for cell in person.values()]
            sheet.write_row(number + 2, 0, [number, *cells])
    return out.getvalue()


def _people(roster: Path) -> list[dict[str, str]]:
    with roster.open(encoding="utf-8-sig", newline="") as lines:
        delimiter = ";" if ";" in lines.readline() else ","
        lines.seek(0)
        return [*DictReader(lines, delimiter=delimiter)]
