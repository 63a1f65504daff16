"""What a sheet says that may be a slip: nothing is refused for it, but nobody writes it unseen (`user sync`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.client_sheet import ClientChange, ClientDiff
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.heading_words import heading_words
from cicero_cli.domain.roster.sheet_diff import Change, RosterDiff
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text, template, text_of

_NRP = 8  # digits of a police officer's number
_LIKE = 0.6  # of a name: below it, and without a word in common, it is somebody else's

_OTHER_USER_ID = template(
    "is new, and {other_id} of the same name is missing: another id? cicero user set {other_id} --id {key}"
)
_OTHER_CLIENT_ID = template(
    "is new, and {other_id} of the same name is missing: is it the same client?"
)
_OTHER_PERSON = template("was {nama}: is it the same person, or was one column sorted alone?")
_OTHER_CLIENT = template("was {nama}: is it the same client, or was one column sorted alone?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A row that may not mean what it says. `key`: the id of its user or client."""

    line: int
    key: str
    nama: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A user or a client, by what may slip into another row."""

    key: str
    nama: str
    handles: Mapping[Platform, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    now: _Named
    before: _Named | None


def find_doubts(diff: RosterDiff) -> list[Doubt]:
    """Lost zeros, people who may be there twice, names and handles that may have slipped into another row."""
    new, changed = [*map(_user_row, diff.new)], [*map(_user_row, diff.changed)]
    missing = [_user(user) for user in diff.missing if user.status]
    found = [*_lost_zeros(new), *_twice(new, missing, _OTHER_USER_ID)]
    found += _other_names(changed, _OTHER_PERSON)
    return _sorted([*found, *_passed_handles([*new, *changed])])


def find_client_doubts(diff: ClientDiff) -> list[Doubt]:
    """Clients that may be there twice, names and handles that may have slipped into another row."""
    new, changed = [*map(_client_row, diff.new)], [*map(_client_row, diff.changed)]
    missing = [_client(client) for client in diff.missing if client.client_status]
    found = [*_twice(new, missing, _OTHER_CLIENT_ID), *_other_names(changed, _OTHER_CLIENT)]
    return _sorted([*found, *_passed_handles([*new, *changed])])


def _user_row(change: Change) -> _Row:
    before = None if change.before is None else _user(change.before)
    return _Row(line=change.line, now=_user(change.user), before=before)


def _client_row(change: ClientChange) -> _Row:
    before = None if change.before is None else _client(change.before)
    return _Row(line=change.line, now=_client(change.client), before=before)


def _user(user: User) -> _Named:
    handles = {platform: user.username(platform) for platform in Platform}
    return _Named(key=user.user_id, nama=user.nama, handles=handles)


def _client(client: Client) -> _Named:
    handles = {platform: client.known_username(platform) for platform in Platform}
    return _Named(key=client.client_id, nama=client.nama, handles=handles)


def _sorted(doubts: Sequence[Doubt]) -> list[Doubt]:
    return sorted(doubts, key=lambda doubt: (doubt.line, doubt.key))


def _lost_zeros(new: Sequence[_Row]) -> Iterator[Doubt]:
    """Ids with a digit less than an NRP, where others have all."""
    if not any(row.now.key.isdigit() and len(row.now.key) == _NRP for row in new):
        return
    for row in new:
        if row.now.key.isdigit() and len(row.now.key) == _NRP - 1:
            yield _doubt(
                row,
                Text(
                    "{short} digits where others have {long}: did a spreadsheet drop a leading zero?",
                    short=_NRP - 1,
                    long=_NRP,
                ),
            )


def _twice(new: Sequence[_Row], missing: Sequence[_Named], words: str) -> Iterator[Doubt]:
    """Who is new has the name of somebody who is missing: one person with another id, more often than two."""
    by_name = {heading_words(one.nama): one for one in missing}
    for row in new:
        other = by_name.get(heading_words(row.now.nama))
        if other is not None:
            yield _doubt(row, text_of(words, other_id=other.key, key=row.now.key))


def _other_names(changed: Sequence[_Row], words: str) -> Iterator[Doubt]:
    """Who gets a name that is unlike the former, or was another's."""
    former = {row.before.nama: row for row in changed if row.before}
    for row in changed:
        if row.before is None or row.before.nama == row.now.nama:
            continue
        if row.now.nama in former or not _is_like(row.before.nama, row.now.nama):
            yield _doubt(row, text_of(words, nama=row.before.nama))


def _is_like(before: str, after: str) -> bool:
    old, new = before.casefold(), after.casefold()
    words = {word for word in old.split() if len(word.strip(".,")) > 2}  # noqa: PLR2004 # no initials
    return bool(words & set(new.split())) or SequenceMatcher(None, old, new).ratio() >= _LIKE


def _passed_handles(rows: Sequence[_Row]) -> Iterator[Doubt]:
    """Handles that go from one row of the sheet to another."""
    held: dict[tuple[Platform, str], list[_Named]] = defaultdict(list)
    for row in rows:
        if row.before is None:
            continue
        for platform, handle in row.before.handles.items():
            if handle and handle != row.now.handles[platform]:
                held[platform, handle].append(row.before)
    for row in rows:
        for platform, handle in row.now.handles.items():
            if handle is None or (row.before and row.before.handles[platform] == handle):
                continue
            for other in held.get((platform, handle), ()):
                yield _doubt(
                    row, Text("{handle} was {nama}'s until now", handle=handle, nama=other.nama)
                )


def _doubt(row: _Row, reason: str) -> Doubt:
    return Doubt(line=row.line, key=row.now.key, nama=row.now.nama, reason=reason)
