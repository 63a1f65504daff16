"""Clients and the days of their own that are asked for, as the statements take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cicero_cli.domain.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A client that a call is about. `version` changes as soon as anything that an answer tells of it has changed."""

    client_id: str
    nama: str
    timezone: str
    is_directorate: bool
    version: str | None


@dataclass(frozen=True, slots=True)
class ClientSpan:
    """A client and the days of its own calendar that are asked for."""

    choice: Choice
    span: Span


def arrays(spans: Sequence[ClientSpan]) -> dict[str, list[Any]]:
    """Clients and days side by side."""
    return {
        "client_ids": [one.choice.client_id for one in spans],
        "first_days": [one.span.first_day for one in spans],
        "last_days": [one.span.last_day for one in spans],
    }
