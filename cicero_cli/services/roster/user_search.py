"""A user by what an admin has at hand: the id, a handle, or the name."""

from __future__ import annotations

from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.users import get_user
from cicero_cli.words import Text

_MOST_NAMED = 5


def find_user(store: Store, words: str, *, may_be_gone: bool = False) -> User:
    """The user of this id, else of this handle, name or part of a name; InputError when several are meant, with their ids.

    `may_be_gone`: else of who was removed.
    """
    if not words.strip():
        raise InputError("expected a user: an id, a handle or a name", hint="see: cicero user list")
    try:
        return get_user(store, words)
    except NotFoundError:
        name, handle = " ".join(words.split()), _handle(words)
        found = store.users.called(name, handle)
        if may_be_gone and not found:
            found = store.users.removed(name, handle)
        if not found:
            raise
    if len(found) == 1:
        return found[0]
    named = sorted(found, key=lambda user: (user.nama, user.user_id))[:_MOST_NAMED]
    more = len(found) - len(named)
    raise InputError(
        "{words!r} is {count:,} users: {users}{more}; nothing was done",
        hint="say which by the id",
        words=words,
        count=len(found),
        users=", ".join(f"{user.user_id} ({user.nama}, {user.client_id})" for user in named),
        more=Text(" and {count:,} others", count=more) if more else "",
    )


def _handle(words: str) -> str | None:
    try:
        return normalise_handle(words)
    except ValueError:
        return None
