"""Attendance counted on both sides: where it differs, why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from cicero_cli.domain.operations.v2_rows import LIKE_CAP, plain_handle
from cicero_cli.domain.platforms import Platform

Day = tuple[str, Platform, date]


@dataclass(slots=True)
class DayProof:
    """One client's local day: people times posts done, in Cicero_V2 and here, and what makes the difference.

    `letters`: likes that Cicero_V2 missed because it compares letters as they are written. `roster`: people or handles
    that are not on file here as they are there. `since`: seen here beyond Cicero_V2's list. `lost`: what nothing explains.
    `capped`: posts whose list of likers is as long as Cicero_V2 let it be, so that more may have liked.
    """

    posts: int = 0
    v2: int = 0
    here: int = 0
    letters: int = 0
    roster: int = 0
    since: int = 0
    lost: int = 0
    capped: int = 0

    @property
    def is_explained(self) -> bool:
        """Whether every difference has its reason."""
        return self.lost == 0


@dataclass(slots=True)
class Holders:
    """How many active people of each client have a handle: as Cicero_V2 writes it, as it is compared, and here."""

    written: Counter[tuple[str, Platform, str]] = field(default_factory=Counter)
    plain: Counter[tuple[str, Platform, str]] = field(default_factory=Counter)
    here: Counter[tuple[str, Platform, str]] = field(default_factory=Counter)

    def add_v2(self, client_id: str, platform: Platform, handle: str) -> None:
        """An active person of Cicero_V2's with this handle."""
        written = handle.strip().removeprefix("@").strip()
        if written:
            self.written[client_id, platform, written] += 1
            self.plain[client_id, platform, plain_handle(written)] += 1


@dataclass(frozen=True, slots=True)
class PostProof:
    """What one post's list says before it is counted here."""

    v2: int
    letters: int
    roster: int
    is_capped: bool

    @property
    def expected(self) -> int:
        """What the same list gives here."""
        return self.v2 + self.letters + self.roster


def prove_post(
    client_id: str, platform: Platform, handles: Iterable[str], holders: Holders
) -> PostProof:
    """Count one post's handles (each once, letters as written) in Cicero_V2's way and in ours."""
    written = set(handles)
    plain = {plain_handle(handle) for handle in written}
    v2 = sum(holders.written[client_id, platform, handle] for handle in written)
    folded = sum(holders.plain[client_id, platform, handle] for handle in plain)
    here = sum(holders.here[client_id, platform, handle] for handle in plain)
    is_capped = platform is Platform.INSTA and len(written) >= LIKE_CAP
    return PostProof(v2, folded - v2, here - folded, is_capped)


def add_post(day: DayProof, proof: PostProof, here: int) -> None:
    """Add a post to its day, `here` being what the database counts now."""
    day.posts += 1
    day.v2 += proof.v2
    day.letters += proof.letters
    day.roster += proof.roster
    day.here += here
    day.since += max(here - proof.expected, 0)
    day.lost += max(proof.expected - here, 0)
    day.capped += proof.is_capped
