"""What of a person's data keeps a like from being counted or a message from arriving, or is hardly meant so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text, reason_of

Handle = tuple[Platform, str]

_FEW = 2  # people of a division that may be a slip of a larger one's name
_ALIKE = 0.82
_SHORTEST = 4
_HEADS = ("BAG", "SAT", "SI", "POLSEK", "SUBDIT", "DIT", "UNIT")
_MAIL = re.compile(r"g?mail|yahoo|\.com$|\.co\.id$")
_LONGEST_TIKTOK = 24
_SHORTEST_TIKTOK = 2


class Problem(StrEnum):
    """What is to be mended; the words of JSON."""

    NO_HANDLE = "no_handle"
    NO_NUMBER = "no_number"
    SHARED_HANDLE = "shared_handle"
    UNLIKELY_HANDLE = "unlikely_handle"
    ACCOUNT = "account"  # what the upstream says of a handle that was never seen
    DIVISION = "division"


class AccountState(StrEnum):
    """What the upstream says of an account."""

    OPEN = "open"
    PRIVATE = "private"
    NO_POSTS = "no_posts"
    RENAMED = "renamed"
    GONE = "gone"
    REFUSED = "refused"  # nothing is shown, and not why


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleCheck:
    """What an upstream said of a handle; `called`: its account's name now, where that is another."""

    platform: Platform
    username: str
    checked_at: datetime
    state: AccountState
    called: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One problem of one person; `value` is the handle or division that it is about."""

    problem: Problem
    text: Text
    platform: Platform | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharer:
    """Somebody else who has a handle too."""

    user_id: str
    nama: str
    client_id: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """What people are held against: the platforms that ask for their handles, who shares one, whose account is a client's, which
    handles no reading has shown although there were some, and what the upstream said of those.
    """

    platforms: Collection[Platform]
    sharers: Mapping[tuple[str, Platform, str], Sequence[Sharer]]
    accounts: Mapping[Handle, str]
    unseen: Collection[Handle]
    checks: Mapping[Handle, HandleCheck]


def find_problems(
    users: Sequence[User], handles: Mapping[str, Sequence[Handle]], known: Known
) -> dict[str, list[Finding]]:
    """By user id what is wrong with each of a client's active people; who is all right is left out."""
    divisions = _odd_divisions(users)
    has_divisions = any(user.divisi for user in users)
    found = {
        user.user_id: [
            *_of_handles(user, handles.get(user.user_id, ()), known),
            *_of_number(user),
            *(_of_division(user, divisions) if has_divisions else ()),
        ]
        for user in users
    }
    return {user_id: findings for user_id, findings in found.items() if findings}


def _of_number(user: User) -> Iterator[Finding]:
    if user.whatsapp is None and not user.exception:
        yield Finding(problem=Problem.NO_NUMBER, text=Text("no number"))


def _of_handles(user: User, handles: Sequence[Handle], known: Known) -> Iterator[Finding]:
    have = {platform for platform, _ in handles}
    for platform in Platform:
        if platform in known.platforms and platform not in have and not user.exception:
            yield Finding(
                problem=Problem.NO_HANDLE,
                platform=platform,
                text=Text("no {platform} handle", platform=platform.label),
            )
    for platform, handle in handles:
        if reason := next(_doubts(user, platform, handle, known), None):
            yield Finding(
                problem=Problem.UNLIKELY_HANDLE,
                platform=platform,
                value=handle,
                text=Text("@{handle}: {reason}", handle=handle, reason=reason),
            )
        if sharers := known.sharers.get((user.user_id, platform, handle)):
            names = ", ".join(f"{one.nama} ({one.user_id}, {one.client_id})" for one in sharers)
            yield Finding(
                problem=Problem.SHARED_HANDLE,
                platform=platform,
                value=handle,
                text=Text("@{handle} is also of {names}", handle=handle, names=names),
            )
        check = known.checks.get((platform, handle))
        if check and check.state is not AccountState.OPEN and (platform, handle) in known.unseen:
            yield Finding(
                problem=Problem.ACCOUNT, platform=platform, value=handle, text=account_text(check)
            )


def account_text(check: HandleCheck) -> Text:
    """What the upstream said."""
    words = {"platform": check.platform.label, "handle": check.username}
    match check.state:
        case AccountState.OPEN:
            return Text("{platform} @{handle} is there, but was never seen", **words)
        case AccountState.PRIVATE:
            return Text("{platform} @{handle} is private", **words)
        case AccountState.NO_POSTS:
            return Text("{platform} @{handle} has no posts: is it the right one?", **words)
        case AccountState.RENAMED:
            return Text(
                "{platform} @{handle} is called @{called} now", called=check.called, **words
            )
        case AccountState.GONE:
            return Text("{platform} knows no @{handle}", **words)
        case AccountState.REFUSED:
            return Text("{platform} shows nothing of @{handle}", **words)


def _doubts(user: User, platform: Platform, handle: str, known: Known) -> Iterator[Text | str]:
    """Why a handle is hardly this person's, the plainest reason first."""
    if client_id := known.accounts.get((platform, handle)):
        yield Text("the account of {client_id} itself", client_id=client_id)
    if handle in {user.user_id.lower(), user.whatsapp}:
        yield Text("the person's id or number")
    if handle.isdigit():
        yield Text("digits alone")
    try:
        normalise_handle(handle, platform)
    except ValueError as error:
        yield reason_of(error)
    if _MAIL.search(handle):
        yield Text("looks like an e-mail address")
    if platform is Platform.TIKTOK and not _SHORTEST_TIKTOK <= len(handle) <= _LONGEST_TIKTOK:
        yield Text("a TikTok handle has 2 to 24 letters")
    if (platform, handle) in known.unseen and _is_name(handle, user.nama):
        yield Text("the name itself, and never seen")


def _is_name(handle: str, nama: str) -> bool:
    """Whether somebody wrote the name where the handle belongs."""
    words = re.findall(r"[a-z]+", nama.partition(",")[0].lower())
    return len(words) > 1 and handle == "".join(words)


def _of_division(user: User, odd: Mapping[str, str]) -> Iterator[Finding]:
    if not user.divisi:
        yield Finding(problem=Problem.DIVISION, text=Text("no division"))
    elif like := odd.get(division_key(user.divisi)):
        yield Finding(
            problem=Problem.DIVISION,
            value=user.divisi,
            text=Text("division {divisi}: is it {like}?", divisi=user.divisi, like=like),
        )


def _odd_divisions(users: Sequence[User]) -> dict[str, str]:
    """By key the divisions of one or two people whose name is nearly that of a larger one."""
    people: Counter[str] = Counter()
    names: dict[str, str] = {}
    for user in users:
        if user.divisi:
            key = division_key(user.divisi)
            people[key] += 1
            names.setdefault(key, user.divisi)
    large = [key for key, count in people.most_common() if count > _FEW]
    odd = {}
    for key in (key for key, count in people.items() if count <= _FEW):
        like = next((name for name in large if _is_near(key, name)), None)
        if like is not None:
            odd[key] = names[like]
    return odd


def _is_near(key: str, other: str) -> bool:
    """Whether one may be a slip of the other: what they begin with alike (SAT, POLSEK) says nothing."""
    head = next((head for head in _HEADS if key.startswith(head) and other.startswith(head)), "")
    one, two = key[len(head) :], other[len(head) :]
    if min(len(one), len(two)) < _SHORTEST or _digits(one) != _digits(two):
        return False
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= _ALIKE


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
