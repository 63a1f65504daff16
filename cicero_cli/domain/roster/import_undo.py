"""What taking back an import of people does: a pure plan, by what was changed since.

An import is taken back as a correction from its moment on. A value of the import that still stands becomes what it was before,
on later days too; one that somebody has changed since stays from that day on. Who was new never was, unless somebody has changed
the person since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.import_changes import DaysSince, ImportChange, Kept, kept_field
from cicero_cli.domain.roster.leave_days import LeaveChange, LeaveDays
from cicero_cli.domain.roster.leave_undo import undo_leave
from cicero_cli.domain.roster.undone_fields import stands_until, undo_fields
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text

_OF_DAYS = frozenset(
    {"nama", "title", "divisi", "jabatan", "insta", "tiktok", "exception", "status"}
)

NO_FORMER: Mapping[str, Sequence[User]] = MappingProxyType({})
NO_LEAVE: Mapping[str, Sequence[LeaveDays]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Other values for days, up to and without `until` (None: until further notice), of `client_id` or the import's client."""

    user_id: str
    client_id: str | None = None
    is_new: bool
    until: date | None
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPlan:
    """`restored`: rows as they shall be; `returning`: those of former clients; `gone`: users who never were; `opt_in`: who refuses
    reminders by the import alone; `leave`: what becomes of it, by user.
    """

    patches: Sequence[Patch]
    restored: Sequence[User]
    returning: Sequence[User]
    gone: Sequence[User]
    kept: Sequence[Kept]
    kept_handles: Collection[tuple[str, Platform]]
    opt_in: Collection[str]
    leave: Mapping[str, LeaveChange]


def plan_undo(
    changes: Sequence[ImportChange],
    present: Mapping[str, User],
    days: Sequence[DaysSince],
    elsewhere: Collection[str],
    former: Mapping[str, Sequence[User]] = NO_FORMER,
    *,
    leave: Mapping[str, Sequence[LeaveDays]] = NO_LEAVE,
) -> UndoPlan:
    """The plan for these changes. `present` are all users of the import's client, `elsewhere` the ids that other clients have,
    `former` all users of the clients that people came from, by client, `leave` what is on file.
    """
    since: dict[str, list[DaysSince]] = defaultdict(list)
    for span in days:
        since[span.user_id].append(span)
    patches: list[Patch] = []
    restored: dict[str, User] = {}
    returning: dict[str, User] = {}
    gone: dict[str, User] = {}
    kept: list[Kept] = []
    handles: set[tuple[str, Platform]] = set()
    opt_in: set[str] = set()
    for change in changes:
        user = present.get(change.user_id)
        own = since[change.user_id]
        if change.before is None or change.former is not None:
            touched = [*_touched(change, user, own, leave.get(change.user_id, ()))]
            has_ended = change.former is not None and change.former not in former
            if user is None:
                until = stands_until(own, change.after, _OF_DAYS)
                patches.append(
                    Patch(
                        user_id=change.user_id, is_new=True, until=until, fields={"status": False}
                    )
                )
            elif not touched and not has_ended:
                patches.append(
                    Patch(user_id=user.user_id, is_new=True, until=None, fields={"status": False})
                )
                if change.before is None:
                    gone[user.user_id] = user
                else:
                    returning[user.user_id] = replace(user, **change.before)
                    patches.append(_as_at_former_client(change, change.before))
                    if change.before["wa_opt_in"] and not user.wa_opt_in:
                        opt_in.add(user.user_id)
            if touched or has_ended or change.user_id in elsewhere:
                handles |= {(change.user_id, platform) for platform in Platform}
                kept.append(_kept_person(change, user, touched))
            continue
        values, parts, stays = _undo_fields(change, user, own)
        patches += parts
        kept += stays
        handles |= _held_again(change, user, values)
        if values.pop("wa_opt_in", False):
            opt_in.add(change.user_id)
        if user is not None and values:
            restored[user.user_id] = replace(user, **values)
    taken_back, stays = undo_leave(
        changes, present, {one.key for one in kept if not one.field}, leave
    )
    kept += stays
    kept += _drop_taken_handles(present, restored, {*gone, *returning})
    for client_id, users in former.items():
        back = {user.user_id: user for user in returning.values() if user.client_id == client_id}
        kept += _drop_taken_handles({user.user_id: user for user in users}, back, ())
        returning |= back
    return UndoPlan(
        patches=patches,
        restored=[*restored.values()],
        returning=[*returning.values()],
        gone=[*gone.values()],
        kept=kept,
        kept_handles=handles,
        opt_in=opt_in,
        leave=taken_back,
    )


def _touched(
    change: ImportChange,
    user: User | None,
    own: Sequence[DaysSince],
    on_file: Sequence[LeaveDays],
) -> Iterator[str]:
    """What somebody has changed of a new person since."""
    if user is None:
        return
    given = change.leave and change.leave.after
    for name, value in change.after.items():
        if name == "leave":
            continue
        is_other = name in _OF_DAYS and any(span.facts[name] != value for span in own)
        if is_other or getattr(user, name) != value:
            yield name
    reasons = {None, given.reason} if given else {None}
    if any(span.facts["leave"] not in reasons for span in own) or (given and given not in on_file):
        yield "leave"


def _as_at_former_client(change: ImportChange, before: Mapping[str, Any]) -> Patch:
    fields = {name: before[name] for name in sorted(_OF_DAYS)}
    return Patch(
        user_id=change.user_id, client_id=change.former, is_new=False, until=None, fields=fields
    )


def _kept_person(change: ImportChange, user: User | None, touched: Sequence[str]) -> Kept:
    if user is None:
        reason = Text("belongs to another client now, and stays there")
    elif change.former is not None and not touched:
        reason = Text(
            "came from {client_id}, which has ended since, so stays", client_id=change.former
        )
    elif change.former is not None:
        reason = Text(
            "came from {client_id} by this import and was changed since ({names}), so stays",
            client_id=change.former,
            names=", ".join(touched),
        )
    else:
        reason = Text(
            "is new by this import and was changed since ({names}), so stays",
            names=", ".join(touched),
        )
    return Kept(key=change.user_id, nama=change.after["nama"], field="", reason=reason)


def _undo_fields(
    change: ImportChange, user: User | None, own: Sequence[DaysSince]
) -> tuple[dict[str, Any], list[Patch], list[Kept]]:
    """The values that come back, the days that are mended, and what stays."""
    undone = undo_fields(
        change.before or {},
        change.after,
        user,
        own=own,
        of_days=_OF_DAYS,
        gone_on=change.gone_on,
    )
    kept = [kept_field(user, name) for name in undone.kept if user is not None]
    if user is None:
        nama = change.after.get("nama") or (own[-1].facts["nama"] if own else "")
        reason = Text("is no longer this client's: nothing of the person is brought back")
        kept.append(Kept(key=change.user_id, nama=nama, field="", reason=reason))
    patches = [
        Patch(user_id=change.user_id, is_new=False, until=until, fields=fields)
        for until, fields in undone.days.items()
    ]
    return undone.values, patches, kept


def _held_again(
    change: ImportChange, user: User | None, values: Mapping[str, Any]
) -> set[tuple[str, Platform]]:
    """Handles of the import that somebody gave the user again since."""
    return {
        (change.user_id, platform)
        for platform in Platform
        if user is not None
        and (handle := change.after.get(platform.value)) is not None
        and platform.value not in values
        and user.username(platform) == handle
    }


def _drop_taken_handles(
    present: Mapping[str, User], restored: dict[str, User], gone: Collection[str]
) -> list[Kept]:
    """Takes from who is restored what another active user has by now; says from whom."""
    kept: list[Kept] = []
    holders: dict[tuple[Platform, str], User] = {}
    concerned = {*restored, *gone}
    others = [user for user_id, user in present.items() if user_id not in concerned]
    for user in [*others, *(restored[user_id] for user_id in sorted(restored))]:
        for platform in Platform:
            handle = user.username(platform)
            if not user.status or handle is None:
                continue
            holder = holders.setdefault((platform, handle), user)
            if holder is not user and user.user_id in restored:
                back = restored[user.user_id]
                restored[user.user_id] = (
                    replace(back, insta=None)
                    if platform is Platform.INSTA
                    else replace(back, tiktok=None)
                )
                kept.append(
                    Kept(
                        key=user.user_id,
                        nama=user.nama,
                        field=platform.value,
                        reason=Text(
                            "{handle} is {nama}'s ({user_id}) by now, so the user has none",
                            handle=handle,
                            nama=holder.nama,
                            user_id=holder.user_id,
                        ),
                    )
                )
    return kept
