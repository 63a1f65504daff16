"""A person who is on file twice becomes one user: what both did counts once, on past days too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.users import unknown_user
from cicero_cli.words import Text

_FILLED = ("title", "divisi", "jabatan", "whatsapp", "email")


def merge_users(store: Store, user_id: str, twin_id: str, *, by: Actor) -> User:
    """The user with the twin's handles, leave, assignments, corrections, messages and complaints; the twin is gone.

    Facts that the user lacks are the twin's. What was known before stays as it was (`--as-of`). NotFoundError when one
    is not there, InputError for users of two clients.
    """
    with store.transaction():
        # in this order, so that two merges of the same two do not wait for each other
        found = {one: store.users.lock(one) for one in sorted({user_id, twin_id})}
        user, twin = found[user_id], found[twin_id]
        if user is None or twin is None:
            raise unknown_user(user_id if user is None else twin_id)
        if user == twin:
            raise InputError("{user_id} is one user already", user_id=user_id)
        if user.client_id != twin.client_id:
            raise InputError(
                "{user_id} is of {client_id}, {twin_id} of {other}; nothing was changed",
                user_id=user_id,
                client_id=user.client_id,
                twin_id=twin_id,
                other=twin.client_id,
                hint=Text(
                    "transfer one first: cicero user set {twin_id} --client {client_id}",
                    twin_id=twin_id,
                    client_id=user.client_id,
                ),
            )
        handles = {
            platform: list(
                dict.fromkeys(
                    name
                    for one in (user, twin)
                    for name in (
                        getattr(one, platform),
                        *store.users.extra_handles(one.user_id)[platform],
                    )
                    if name
                )
            )
            for platform in Platform
        }
        store.merging.move_all(twin_id, user_id, actor=by.name)
        store.users.remove(twin_id)
        store.merging.take_off(twin_id)
        facts: dict[str, Any] = {
            name: getattr(user, name) or getattr(twin, name) for name in _FILLED
        }
        facts |= {platform.value: next(iter(names), None) for platform, names in handles.items()}
        merged = replace(user, status=user.status or twin.status, **facts)
        store.users.update(merged)
        for platform, names in handles.items():
            store.users.set_extra_handles(user_id, platform, names[1:])
        details = {"twin": twin_id, "nama": twin.nama}
        store.audit.add(
            "user.merged", by, subject=user_id, client_id=user.client_id, details=details
        )
    return merged
