"""The handles of a list of people, so that a made-up account can have likes of theirs."""

from __future__ import annotations

from csv import DictReader
from pathlib import Path

from cicero_cli.domain.platforms import Platform

_COLUMNS = {Platform.INSTA: ("insta", "Instagram"), Platform.TIKTOK: ("tiktok", "TikTok")}


def read_handles(roster: Path, platform: Platform) -> list[str]:
    """The handles in a CSV file that has a column insta or Instagram, tiktok or TikTok; empty cells have none."""
    with roster.open(encoding="utf-8-sig", newline="") as lines:
        delimiter = ";" if ";" in lines.readline() else ","
        lines.seek(0)
        handles = [
            next(row[name] for name in _COLUMNS[platform] if name in row)
            for row in DictReader(lines, delimiter=delimiter)
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
