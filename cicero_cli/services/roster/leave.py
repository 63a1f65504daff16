"""Leave: days, past or to come, on which somebody counts as an exception."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.periods import parse_day
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.history import Leave
from cicero_cli.services.roster.users import get_user
from cicero_cli.words import reason_of

_LAST_DAY = date(2099, 12, 31)


def change_leave(
    store: Store,
    user_id: str,
    *,
    from_day: str | None,
    until: str | None,
    reason: str | None,
    note: str | None,
    end: str | None,
    by: Actor,
) -> Sequence[Leave]:
    """Add leave, end one early, or neither, by what was typed; gives all of the user's."""
    if end is not None:
        if any(typed is not None for typed in (from_day, until, reason, note)):
            raise InputError("--end goes alone: the leave that covers this day ends with it")
        return end_leave(store, user_id, end, by=by)
    if from_day is None and until is None and reason is None and note is None:
        return store.history.leave_of(get_user(store, user_id).user_id)
    if from_day is None or until is None or reason is None:
        raise InputError("leave needs --from, --until and --reason")
    return add_leave(
        store, user_id, from_day=from_day, until=until, reason=reason, note=note, by=by
    )


def add_leave(
    store: Store,
    user_id: str,
    *,
    from_day: str,
    until: str,
    reason: str,
    note: str | None,
    by: Actor,
) -> Sequence[Leave]:
    """Excepted on these days, past or to come; InputError when some of them are leave already. Gives all leave."""
    user = get_user(store, user_id)
    first_day, last_day = _day("--from", from_day), _day("--until", until)
    if last_day < first_day:
        raise InputError("--until is before --from")
    if not reason.strip():
        raise InputError("--reason needs a word such as cuti, dik, sakit or bko")
    with store.transaction():
        store.users.lock(user.user_id)
        for known in store.history.leave_of(user.user_id):
            if known.first_day <= last_day and known.last_day >= first_day:
                raise InputError(
                    "{nama} is on leave from {first_day} to {last_day} already ({reason})",
                    hint="end it with: cicero user leave {user_id} --end DAY",
                    nama=user.nama,
                    user_id=user.user_id,
                    first_day=known.first_day,
                    last_day=known.last_day,
                    reason=known.reason,
                )
        store.history.add_leave(user.user_id, first_day, last_day, reason.strip(), note)
        _record_leave(store, "user.leave_added", user, by, days=(first_day, last_day))
    return store.history.leave_of(user.user_id)


def end_leave(store: Store, user_id: str, last_day: str, *, by: Actor) -> Sequence[Leave]:
    """The leave that covers this day ends with it. Gives all leave."""
    user, day = get_user(store, user_id), _day("--end", last_day)
    with store.transaction():
        store.users.lock(user.user_id)
        for known in store.history.leave_of(user.user_id):
            if known.first_day <= day <= known.last_day:
                store.history.end_leave(known.leave_id, day)
                _record_leave(store, "user.leave_ended", user, by, days=(known.first_day, day))
                return store.history.leave_of(user.user_id)
    raise InputError("{nama} is not on leave on {day}", nama=user.nama, day=day)


def _record_leave(
    store: Store, action: str, user: User, by: Actor, *, days: tuple[date, date]
) -> None:
    details = {"from": days[0].isoformat(), "until": days[1].isoformat()}
    store.audit.add(action, by, subject=user.user_id, client_id=user.client_id, details=details)


def _day(option: str, typed: str) -> date:
    """Leave may be planned: some years ahead."""
    try:
        return parse_day(typed, today=_LAST_DAY)
    except ValueError as error:
        raise InputError(
            "{option} {typed}: {reason}", option=option, typed=typed, reason=reason_of(error)
        ) from error
