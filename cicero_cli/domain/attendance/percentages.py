"""Shares as a person reads them: rounded as Excel does, but 100 % is said of all only and 0 % of none only."""

from __future__ import annotations


def percent_tenths(part: int, whole: int) -> int:
    """Tenths of a percent, from 0 to 1,000; nothing of nothing is all of it."""
    if part >= whole:
        return 1000
    if part <= 0:
        return 0
    rounded = (part * 2000 + whole) // (2 * whole)  # halves go up
    return min(999, max(1, rounded))


def percent_indonesian(part: int, whole: int) -> str:
    """`98,9%`, and `98%` where nothing follows the comma."""
    full, tenth = divmod(percent_tenths(part, whole), 10)
    return f"{full},{tenth}%" if tenth else f"{full}%"


def percent_english(part: int, whole: int) -> str:
    """`98.9%`, and `98.0%`."""
    full, tenth = divmod(percent_tenths(part, whole), 10)
    return f"{full}.{tenth}%"
