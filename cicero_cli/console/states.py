"""The colour of a state on a terminal: one table for everything that shows one. The word stands there with it or without."""

from __future__ import annotations

import sys
from typing import Any

from cicero_cli.console.options import Output, choice

_GOOD = "green"
_WAITING = "yellow"
_BAD = "red"
_PAST = "dim"
STYLES = {
    # runs
    "running": _WAITING,
    "done": _GOOD,
    "partial": _WAITING,
    "failed": _BAD,
    "interrupted": _BAD,
    "never ran": _BAD,
    "overdue": _BAD,
    # messages
    "queued": _WAITING,
    "sending": _WAITING,
    "accepted": _GOOD,
    "delivered": _GOOD,
    "read": _GOOD,
    "unknown": _BAD,
    "cancelled": _PAST,
    "expired": _BAD,
    # what a gateway made of one
    "permanent": _BAD,
    "retry": _WAITING,
    "ambiguous": _BAD,
    "pause": _WAITING,
    "pause_first_contacts": _WAITING,
    # what doctor finds
    "ok": _GOOD,
    "off": _PAST,
    "warn": _WAITING,
    "bad": _BAD,
    # the WhatsApp account; whatever else keeps it from sending has the sentence that says what to do
    "working": _GOOD,
    "starting": _WAITING,
    "daily_cap": _WAITING,
    "stopped": _BAD,
    "scan_qr_code": _BAD,
    "passkey_required": _BAD,
    "passkey_confirmation_required": _BAD,
    "not_logged_in": _BAD,
    "disconnected": _BAD,
    "no_answer": _BAD,
    "not_writable": _BAD,
    # posts and attendance
    "counted": _GOOD,
    "excluded": _PAST,
    "deleted": _BAD,
    "lengkap": _GOOD,
    "kurang": _WAITING,
    "belum": _BAD,
    "tanpa_username": _BAD,
    "dikecualikan": _PAST,
    # migrations; clients, users and accounts
    "applied": _GOOD,
    "pending": _WAITING,
    "inactive": _PAST,
}
"""Each state's style, in rich's words."""

_NAMED = frozenset({"status", "state", "verdict"})  # columns
_CLAIMS = {
    ("overdue", True): "overdue",
    ("status", False): "inactive",
    ("client_status", False): "inactive",
    ("active", False): "inactive",
}


class Painted(str):
    """A text with colours of ours, in which nothing of outside is left that a terminal would obey."""

    __slots__ = ()


def on_terminal() -> bool:
    """Whether a person sees the result on a terminal: not in a pipe, and no JSON or CSV."""
    return choice.output is Output.TABLE and sys.stdout.isatty()


def is_state(key: str) -> bool:
    """Whether this column tells states."""
    return key in _NAMED or key == "overdue"


def style_of(key: str, value: Any) -> str:
    """The style of a value that stands in a column; empty when it is no state."""
    if isinstance(value, bool):
        return STYLES.get(_CLAIMS.get((key, value), ""), "")
    return STYLES.get(getattr(value, "template", str(value)), "") if key in _NAMED else ""


def paint(state: str, words: str) -> str:
    """The words in the colour of the state; without it in a pipe, and where NO_COLOR or the terminal forbids it."""
    if not on_terminal() or state not in STYLES:
        return words
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True)
    with console.capture() as captured:
        console.print(Text(words, style=STYLES[state]), end="")
    return captured.get()
