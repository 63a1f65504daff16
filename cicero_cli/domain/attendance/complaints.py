"""Complaints: what somebody says about a day's list, with the figures at that time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cicero_cli.domain.platforms import Platform

Figures = Mapping[str, Mapping[str, Any]]
"""By platform its part of the JSON of `absensi explain`."""


class Via(StrEnum):
    """How a complaint came."""

    COMMAND = "command"
    PAGE = "page"
    DASHBOARD = "dashboard"
    WHATSAPP = "whatsapp"


class ComplaintStatus(StrEnum):
    """What has become of a complaint."""

    OPEN = "open"
    PROVED = "proved"  # a later reading shows what the figures lacked
    CLOSED = "closed"  # by a person, with an answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One complaint about a client's posts of a day; `username` is the handle that the person told, `filed_by` who wrote it down.

    `platform` None: both. `figures` are those of the moment it was filed, empty of one that is older than they are kept;
    `proof` are the posts that a later reading shows.
    """

    complaint_id: int
    client_id: str
    user_id: str
    platform: Platform | None
    day: date
    username: str | None
    issue: str
    via: Via
    filed_by: str
    filed_at: datetime
    status: ComplaintStatus
    proved_at: datetime | None
    proof: Sequence[Mapping[str, str]] | None
    closed_at: datetime | None
    closed_by: str | None
    answer: str | None
    figures: Figures


def is_done(post: Mapping[str, Any]) -> bool:
    """Whether a post of some figures counted as done."""
    return post["seen_at"] is not None or post["accepted"] is not None


def count_done(figures: Figures) -> dict[str, dict[str, int]]:
    """By platform how many of how many posts were done."""
    return {
        platform: {"done": sum(map(is_done, part["posts"])), "posts": len(part["posts"])}
        for platform, part in figures.items()
    }


def proof_key(complaint_id: int) -> str:
    """What makes the message that tells of a proof the only one."""
    return f"complaint:{complaint_id}:proved"
