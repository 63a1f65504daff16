"""The people of a report, a line each, safe from what WhatsApp takes for markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from cicero_cli.domain.attendance.absensi import UserAttendance
from cicero_cli.domain.roster.ranks import division_key

# One person as a list shows it: key and heading of the division (and unit), the text without the number, the user's id.
Line = tuple[str, str, str, str]

# What WhatsApp takes for mark-up: *bold*, _italics_, ~struck~, `code`, > quotation, @mention; and what begins another line.
_MARKUP = re.compile(r"[*_~`>@\x00-\x1f\x7f-\x9f\u2028\u2029\u2800]+")
# Seen by nobody: they turn the writing round, or make two names look the same.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
# A dot that makes a link of the words beside it: after a whole word (evil.example), before a path (t.me/x) or a name that
# hosts end in (x.com). Those of degrees and initials (S.H., M.Si, S.Kom) stay.
_LINK = re.compile(
    r"\.(?:(?<=[^\W_]{3}\.)(?=[^\W\d_]{2})|(?<=\w\.)(?=[\w-]+/)"
    r"|(?<=\w\.)(?=(?:com|net|org|info|biz|id|me|io|co|ly|gg|gl|cc|xyz|site|online|link|top|shop|app|dev|click)\b))",
    re.IGNORECASE,
)
# WhatsApp takes `_x_` for italics wherever no letter or digit touches its outside.
_ITALIC_HANDLE = re.compile(r"(?<![a-z0-9])_.+_(?![a-z0-9])")


def clean_text(text: str) -> str:
    """Without what WhatsApp takes for mark-up, a link or a new line, and without what nobody sees.

    So a name can neither break the message nor lead its readers anywhere.
    """
    seen = _MARKUP.sub(" ", _INVISIBLE.sub("", text)).replace("://", " ")
    return " ".join(_LINK.sub(". ", seen).split())


def write_lines(
    users: Sequence[UserAttendance],
    *,
    with_progress: bool = False,
    units: Mapping[str, str] | None = None,
) -> list[Line]:
    """The lines of these people, in their order; with how many posts each has done of how many.

    With `units`, names by id, each division's heading says of which unit it is.
    """
    names = _names(users)
    # In one f-string: of 28,000 lines each call tells.
    lines = [
        (
            division_key(divisi),
            heading_of(divisi),
            f"{_rank(title)}{nama} ({show_handle(username)}) {done}/{total}"
            if with_progress and username
            else f"{_rank(title)}{nama} ({show_handle(username)})"
            if username
            else f"{_rank(title)}{nama}",
            user_id,
        )
        for nama, (user_id, _, title, divisi, username, done, total, _, _, _) in zip(
            names, users, strict=True
        )
    ]
    if units is None:
        return lines
    heads = {unit: clean_text(nama).upper() for unit, nama in units.items()}
    return [
        (f"{unit}\0{key}", f"{heads.get(unit, unit)}, {heading}", text, user_id)
        for unit, (key, heading, text, user_id) in zip(
            (user.client_id for user in users), lines, strict=True
        )
    ]


def number_lines(lines: Iterable[Line]) -> str:
    """The lines, already in report order, numbered under a heading per division."""
    blocks = []
    for _, grouped in groupby(lines, key=itemgetter(0)):
        group = list(grouped)
        people = [f"{number}. {line[2]}" for number, line in enumerate(group, start=1)]
        blocks.append(f"*{group[0][1]} ({len(group)})*\n" + "\n".join(people))
    return "\n\n".join(blocks)


@lru_cache(maxsize=8192)
def heading_of(divisi: str | None) -> str:
    """The division's name as a list is headed with it."""
    return clean_text(divisi or "").upper() or "TANPA DIVISI"


@lru_cache(maxsize=8192)
def _rank(title: str | None) -> str:
    rank = clean_text(title or "")
    return f"{rank} " if rank else ""


def _names(users: Iterable[UserAttendance]) -> list[str]:
    """The names, cleaned; looked through all at once, for hardly one ever needs it."""
    names = [user.nama for user in users]
    if _is_safe(" ".join(names)):
        return names
    return [nama if _is_safe(nama) else clean_text(nama) for nama in names]


def _is_safe(text: str) -> bool:
    is_plain = text.isascii() or not _INVISIBLE.search(text)
    return (
        text.isprintable() and is_plain and "://" not in text
        and not _MARKUP.search(text) and not _LINK.search(text)
    )  # fmt: skip


def show_handle(username: str) -> str:
    """As code where its underscores would be taken for italics and vanish."""
    if username.count("_") > 1 and _ITALIC_HANDLE.search(username):
        return f"`@{username}`"
    return f"@{username}"
