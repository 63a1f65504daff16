"""What no list can prove: a post that a person's word counts for one user, or takes out for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from cicero_cli.domain.platforms import Platform


class Correction(NamedTuple):
    """One decision that holds on a day; `user_id` None: the post is out, for everybody."""

    post_key: str
    user_id: str | None
    reason: str
    made_at: datetime
    made_by: str


def with_ids(corrections: tuple[Correction, ...], ids: Mapping[str, str]) -> tuple[Correction, ...]:
    """The same with these ids of users in place of others."""
    return tuple(
        one._replace(user_id=one.user_id and ids.get(one.user_id, one.user_id))
        for one in corrections
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectablePost:
    """A post as far as a correction goes; `exclusion` None: it is not excluded."""

    platform: Platform
    post_id: int
    client_id: str
    post_key: str
    day: date
    published_at: datetime
    listed: int
    total: int | None
    is_deleted: bool
    exclusion: str | None  # the reason
    excluded_by: str | None

    @property
    def state(self) -> str:
        """`counted`, `excluded` or `deleted`: what reports make of the post now."""
        if self.is_deleted:
            return "deleted"
        return "counted" if self.exclusion is None else "excluded"


def correction_documents(corrections: tuple[Correction, ...]) -> dict[str, Any]:
    """`{accepted: [{user_id, post, reason, made_at, made_by}], excluded: [{post, …}]}`; empty without corrections."""
    if not corrections:
        return {}
    rows = [
        {
            "user_id": one.user_id,
            "post": one.post_key,
            "reason": one.reason,
            "made_at": one.made_at.isoformat(timespec="seconds"),
            "made_by": one.made_by,
        }
        for one in corrections
    ]
    return {
        "accepted": [row for row in rows if row["user_id"] is not None],
        "excluded": [
            {key: value for key, value in row.items() if key != "user_id"}
            for row in rows
            if row["user_id"] is None
        ],
    }
