"""What a sheet says that may be a slip: nothing is refused for it, but nobody writes it unseen (`user sync`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.heading_words import heading_words
from cicero_cli.domain.roster.sheet_diff import Change, RosterDiff
from cicero_cli.words import Text

_NRP = 8  # digits of a police officer's number
_LIKE = 0.6  # of a name: below it, and without a word in common, it is somebody else's


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A row that may not mean what it says."""

    line: int
    user_id: str
    nama: str
    reason: str


def find_doubts(diff: RosterDiff) -> list[Doubt]:
    """Lost zeros, people who may be there twice, names and handles that may have slipped into another row."""
    found = [*_lost_zeros(diff.new), *_twice(diff), *_other_names(diff.changed)]
    found += _passed_handles([*diff.new, *diff.changed])
    return sorted(found, key=lambda doubt: (doubt.line, doubt.user_id))


def _lost_zeros(new: Sequence[Change]) -> Iterator[Doubt]:
    """Ids with a digit less than an NRP, where others have all."""
    if not any(
        change.user.user_id.isdigit() and len(change.user.user_id) == _NRP for change in new
    ):
        return
    for change in new:
        if change.user.user_id.isdigit() and len(change.user.user_id) == _NRP - 1:
            yield _doubt(
                change,
                Text(
                    "{short} digits where others have {long}: did a spreadsheet drop a leading zero?",
                    short=_NRP - 1,
                    long=_NRP,
                ),
            )


def _twice(diff: RosterDiff) -> Iterator[Doubt]:
    """Who is new has the name of somebody who is missing: one person with another id, more often than two."""
    missing = {heading_words(user.nama): user for user in diff.missing if user.status}
    for change in diff.new:
        other = missing.get(heading_words(change.user.nama))
        if other is not None:
            yield _doubt(
                change,
                Text(
                    "is new, and {other_id} of the same name is missing: another id? cicero user set {other_id} --id {user_id}",
                    other_id=other.user_id,
                    user_id=change.user.user_id,
                ),
            )


def _other_names(changed: Sequence[Change]) -> Iterator[Doubt]:
    for change in changed:
        if change.before is not None and not _is_like(change.before.nama, change.user.nama):
            yield _doubt(
                change,
                Text(
                    "was {nama}: is it the same person, or was one column sorted alone?",
                    nama=change.before.nama,
                ),
            )


def _is_like(before: str, after: str) -> bool:
    old, new = before.casefold(), after.casefold()
    words = {word for word in old.split() if len(word.strip(".,")) > 2}  # noqa: PLR2004 # no initials
    return bool(words & set(new.split())) or SequenceMatcher(None, old, new).ratio() >= _LIKE


def _passed_handles(changes: Sequence[Change]) -> Iterator[Doubt]:
    """Handles that go from one person of the sheet to another."""
    held: dict[tuple[Platform, str], list[Change]] = defaultdict(list)
    for change in changes:
        for platform in Platform:
            handle = change.before and change.before.username(platform)
            if handle and handle != change.user.username(platform):
                held[platform, handle].append(change)
    for change in changes:
        for platform in Platform:
            handle = change.user.username(platform)
            if handle is None or (change.before and change.before.username(platform) == handle):
                continue
            for other in held.get((platform, handle), ()):
                assert other.before is not None  # noqa: S101 # it held something
                yield _doubt(
                    change,
                    Text("{handle} was {nama}'s until now", handle=handle, nama=other.before.nama),
                )


def _doubt(change: Change, reason: str) -> Doubt:
    user = change.user
    return Doubt(line=change.line, user_id=user.user_id, nama=user.nama, reason=reason)
