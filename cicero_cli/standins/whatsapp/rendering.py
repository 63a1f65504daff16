"""What arrived, as the phones would show it, for a terminal of 80 columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo

from rich.cells import cell_len

from cicero_cli.standins.whatsapp.phones import Message

_MARKS = {"*": "1", "_": "3", "~": "9"}  # bold, italic, struck through, as terminals number them
_MARKED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)(.+?)(?<=\S)\1(?![\w*_~])")
_FENCED = re.compile(r"```(.+?)```|`([^`\n]+)`", re.DOTALL)
_TICKS = {-1: "!", 0: "…", 1: "✓", 2: "✓✓", 3: "✓✓ read", 4: "✓✓ read"}
_CODES = re.compile(r"\x1b\[\d+m")
_INVISIBLE = "\u2060\u200b"


def render_inbox(
    messages: Iterable[Message],
    *,
    names: Mapping[str, str] | None = None,
    zone: tzinfo = UTC,
    width: int = 80,
    is_styled: bool = False,
) -> str:
    """One chat per recipient, in the order of their first message; "" when nothing arrived.

    `names` are those of recipients. `is_styled` shows bold, italic and struck-through text with the terminal's codes;
    without it their marks are left out, as on a phone.
    """
    chats: dict[str, list[Message]] = {}
    for message in messages:
        chats.setdefault(message.recipient, []).append(message)
    lines: list[str] = []
    for recipient, chat in chats.items():
        title = (names or {}).get(recipient) or _title(recipient)
        lines += [_shorten(f"── {title} ", width - 2, "─"), ""]
        for message in chat:
            lines += _render_message(message, zone, width, is_styled=is_styled)
            lines.append("")
    return "\n".join(lines)


def plain_text(text: str, *, is_styled: bool = False) -> str:
    """WhatsApp's mark-up as a phone shows it: `*bold*` loses its stars, and gains weight where that can be shown."""

    def show(found: re.Match[str]) -> str:
        inner = _MARKED.sub(show, found[2])
        return f"\x1b[{_MARKS[found[1]]}m{inner}\x1b[0m" if is_styled else inner

    pieces: list[str] = []
    end = 0
    for fenced in _FENCED.finditer(text):  # within these, marks are what they are
        pieces += [_MARKED.sub(show, text[end : fenced.start()]), fenced[1] or fenced[2]]
        end = fenced.end()
    return "".join([*pieces, _MARKED.sub(show, text[end:])])


def _render_message(message: Message, zone: tzinfo, width: int, *, is_styled: bool) -> list[str]:
    head = f"{message.time.astimezone(zone):%d-%m-%Y %H:%M} {_TICKS[message.ack]}"
    lines = [f"  {head}"]
    if message.filename:
        size = max(1, round(len(message.content) / 1024))
        lines.append(f"  │ [{message.filename}, {size} KB]")
    for line in plain_text(message.text, is_styled=is_styled).splitlines():
        lines += [f"  │ {part}".rstrip() for part in _wrap(line, width - 4)]
    return lines


def _wrap(line: str, width: int) -> list[str]:
    """Parts of at most `width` columns, broken at blanks where there are any; emoji take two columns."""
    parts = [""]
    for word in re.findall(r"\S+\s*|\s+", line):
        rest = word
        if _columns(parts[-1]) and _columns(parts[-1] + rest.rstrip()) > width:
            parts.append("")
        while _columns(rest.rstrip()) > width:
            cut = next(n for n in range(len(rest), 0, -1) if _columns(rest[:n]) <= width)
            parts[-1], rest = rest[:cut], rest[cut:]
            parts.append("")
        parts[-1] += rest
    return parts


def _columns(text: str) -> int:
    return cell_len(_CODES.sub("", text).translate(dict.fromkeys(map(ord, _INVISIBLE))))


def _shorten(title: str, width: int, fill: str) -> str:
    while _columns(title) > width:
        title = f"{title[:-2].rstrip('…')}…"
    return title + fill * (width - _columns(title))


def _title(recipient: str) -> str:
    """A number as phones show one; a group by its id."""
    if recipient.endswith("@g.us"):
        return f"Group {recipient}"
    country, rest = recipient[:2], recipient[2:]
    return f"+{country} {'-'.join(part for part in (rest[:3], rest[3:7], rest[7:]) if part)}"
