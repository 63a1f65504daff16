"""Shares as a person reads them: rounded down, so that 100% is said of everything only."""

from __future__ import annotations


def floor_tenths(part: int, whole: int) -> int:
    """Tenths of a percent, from 0 to 1,000; nothing of nothing is all of it."""
    return min(1000, part * 1000 // whole) if whole else 1000


def floor_percent_indonesian(part: int, whole: int) -> str:
    """`98,9%`, and `98%` where nothing follows the comma."""
    full, tenth = divmod(floor_tenths(part, whole), 10)
    return f"{full},{tenth}%" if tenth else f"{full}%"


def floor_percent(part: int, whole: int) -> str:
    """`98.9%`, in English."""
    full, tenth = divmod(floor_tenths(part, whole), 10)
    return f"{full}.{tenth}%"
