"""What an examination of an installation finds: how bad it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cicero_cli.words import Text


class Verdict(StrEnum):
    """How a finding stands."""

    OK = "ok"
    OFF = "off"
    """Not set up, which is fine as long as nobody needs it."""
    WARN = "warn"
    """It works, and somebody should look at it."""
    BAD = "bad"
    """Part of the day's work cannot be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of `cicero doctor`; `remedy` is empty when there is nothing to do, `code` its stable word for scripts."""

    code: str
    area: str
    verdict: Verdict
    found: str
    remedy: str = ""


def name_some(names: list[str], most: int = 5) -> str:
    """`A, B and 12 more`: enough to know what to look at."""
    if len(names) <= most:
        return ", ".join(names)
    return Text("{names} and {more} more", names=", ".join(names[:most]), more=len(names) - most)
