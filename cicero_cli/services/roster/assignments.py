"""Single people of an audience: somebody belongs to a client's audience besides the own client's (docs/adr/0026)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.periods import parse_day
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.audiences import Assignment
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import get_user
from cicero_cli.words import reason_of

_LAST_DAY = date(2099, 12, 31)


def change_assignment(
    store: Store,
    user_id: str,
    *,
    to: str | None,
    from_day: str | None,
    until: str | None,
    end: str | None,
    by: Actor,
) -> Sequence[Assignment]:
    """Assign, end, or neither, by what was typed; gives all of the user's assignments."""
    user = get_user(store, user_id)
    if to is None:
        if from_day is not None or until is not None or end is not None:
            raise InputError("--from, --until and --end go with --to")
        return store.audiences.assignments_of(user.user_id)
    client = get_client(store, to)
    if end is not None and (from_day is not None or until is not None):
        raise InputError("--end goes without --from and --until")
    first_day = None if from_day is None else _day("--from", from_day)
    last_day = None if until is None else _day("--until", until)
    if first_day is not None and last_day is not None and last_day < first_day:
        raise InputError("--until is before --from")
    with store.transaction():
        store.clients.hold(client.client_id)
        store.users.lock(user.user_id)
        if end is None:
            if client.client_id == user.client_id and client.audience != "below":
                raise InputError(
                    "{nama} is of {client_id} already",
                    nama=user.nama,
                    client_id=client.client_id,
                )
            store.audiences.assign(user.user_id, client.client_id, first_day, last_day)
        else:
            _end(store, user.user_id, client.client_id, _day("--end", end))
        store.audit.add(
            "user.assigned" if end is None else "user.assignment_ended",
            by,
            subject=user.user_id,
            client_id=client.client_id,
            details={
                "from": first_day.isoformat() if first_day else None,
                "until": end or (last_day.isoformat() if last_day else None),
            },
        )
    return store.audiences.assignments_of(user.user_id)


def _end(store: Store, user_id: str, client_id: str, last_day: date) -> None:
    """What goes on after this day ends with it; InputError when nothing does."""
    goes_on = any(
        one.client_id == client_id and (one.last_day is None or one.last_day > last_day)
        for one in store.audiences.assignments_of(user_id)
    )
    if not goes_on:
        raise InputError(
            "{user_id} is not assigned to {client_id} after {day}",
            hint="see: cicero user assign {user_id}",
            user_id=user_id,
            client_id=client_id,
            day=last_day,
        )
    store.audiences.end_assignment(user_id, client_id, last_day)


def _day(option: str, typed: str) -> date:
    """Assignments may be planned: some years ahead."""
    try:
        return parse_day(typed, today=_LAST_DAY)
    except ValueError as error:
        raise InputError(
            "{option} {typed}: {reason}", option=option, typed=typed, reason=reason_of(error)
        ) from error
