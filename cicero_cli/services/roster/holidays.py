"""Holidays: days of a table that are off for the clients whose `days_off` names them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.periods import parse_day
from cicero_cli.domain.roster.days_off import HOLIDAYS, Holiday
from cicero_cli.domain.roster.printable import check_text
from cicero_cli.domain.roster.unseen import without_unseen
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client
from cicero_cli.words import reason_of

_LAST_DAY = date(2099, 12, 31)
_LONGEST_NAME = 100


def list_holidays(
    store: Store, client_id: str | None, *, first_day: date | None = None
) -> list[Holiday]:
    """The holidays by day; of a client, those of all and its own."""
    chosen = None if client_id is None else get_client(store, client_id).client_id
    return store.clients.holidays.list(chosen, first_day=first_day)


def add_holidays(
    store: Store, days: Sequence[str], *, name: str, client_id: str | None, by: Actor
) -> list[Holiday]:
    """Holidays of all clients, or of one; InputError, and none is added, for what is no day or one already."""
    chosen = None if client_id is None else get_client(store, client_id).client_id
    holidays = [
        Holiday(day, _name(name), chosen) for day in sorted({_day(typed) for typed in days})
    ]
    with store.transaction():
        for holiday in holidays:
            if not store.clients.holidays.add(holiday):
                raise InputError(
                    "{day} is a holiday already; nothing was changed",
                    hint="see: cicero holiday list",
                    field="day",
                    day=holiday.day,
                )
            _record(store, "holiday.added", holiday.day, chosen, by, name=holiday.name)
    return holidays


def remove_holidays(
    store: Store, days: Sequence[str], *, client_id: str | None, by: Actor
) -> list[date]:
    """Take holidays back from now on; NotFoundError, and none is removed, where one is none."""
    chosen = None if client_id is None else get_client(store, client_id).client_id
    removed = sorted({_day(typed) for typed in days})
    with store.transaction():
        for day in removed:
            if not store.clients.holidays.end(day, chosen):
                raise NotFoundError(
                    "{day} is no holiday of all clients; nothing was changed"
                    if chosen is None
                    else "{day} is no holiday of {client_id} alone; nothing was changed",
                    hint="see: cicero holiday list",
                    day=day,
                    client_id=chosen,
                )
            _record(store, "holiday.removed", day, chosen, by)
    return removed


def any_client_observes(store: Store) -> bool:
    """Whether some client's days off include holidays at all."""
    return any(
        HOLIDAYS in (client.days_off or "").split(",")
        for client in store.clients.list(active_only=True)
    )


def _name(typed: str) -> str:
    try:
        check_text(typed)
    except ValueError as error:
        raise InputError(
            "--name {typed!r}: {reason}", field="name", typed=typed, reason=reason_of(error)
        ) from error
    name = " ".join(without_unseen(typed).split())
    if not name or len(name) > _LONGEST_NAME:
        raise InputError(
            "--name: expected a name of at most {longest} characters",
            field="name",
            longest=_LONGEST_NAME,
        )
    return name


def _day(typed: str) -> date:
    """Holidays are entered for the years to come."""
    try:
        return parse_day(typed, today=_LAST_DAY)
    except ValueError as error:
        raise InputError(
            "{typed}: {reason}", field="day", typed=typed, reason=reason_of(error)
        ) from error


def _record(
    store: Store, action: str, day: date, client_id: str | None, by: Actor, **details: str
) -> None:
    store.audit.add(action, by, subject=day.isoformat(), client_id=client_id, details=details)
