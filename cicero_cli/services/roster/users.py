"""Users as an admin keeps them one by one: added, looked up, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.user_id_doubts import digits_of, doubt_user_id
from cicero_cli.domain.roster.users import User, normalise_user_field, normalise_user_id
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.users import Handles
from cicero_cli.services.roster.clients import get_client
from cicero_cli.words import Text, reason_of


def add_user(store: Store, words: Mapping[str, Any], *, by: Actor) -> User:
    """A new user from what was typed (`words`, by column name; None for what was not).

    A list of handles has the main one first. InputError for a value that is none, an id that is taken or a handle that
    another active user has.
    """
    words, extra = split_handles(words)
    user = User(**_normalised(store, words))
    with store.transaction():
        present = store.users.get(user.user_id)
        if present is None:
            _refuse_doubtful_id(store, user)
            _refuse_shared_handles(store, user, extra)
        if present is not None or not store.users.add(user):
            raise InputError(
                _taken(user.user_id, present, by),
                hint=Text("change it with: cicero user set {user_id}", user_id=user.user_id),
                field="user_id",
            )
        _set_extra_handles(store, user, extra)
        _record(store, "user.added", user, by)
    return user


def get_user(store: Store, user_id: str) -> User:
    """The user of this id; NotFoundError when there is none."""
    user = store.users.get(_typed_id(user_id))
    if user is None:
        raise unknown_user(user_id)
    return user


def get_user_ever(store: Store, user_id: str) -> User:
    """As `get_user`; who was removed is as the past has the person."""
    typed = _typed_id(user_id)
    user = store.users.get(typed)
    removed = () if user else store.users.removed(typed, None)
    found = user or next((one for one in removed if one.user_id == typed), None)
    if found is None:
        raise unknown_user(user_id)
    return found


def set_user(
    store: Store,
    user_id: str,
    words: Mapping[str, Any],
    *,
    by: Actor,
    client_id: str | None = None,
) -> User:
    """Change the fields that were typed; InputError when none was, or when another active user has the handle or the id.

    `user_id` among them renames: likes, counts, messages and history follow. A list of handles is all that the user has,
    the main one first; a single text is the main one, and leaves the others.
    `client_id`: the client that the actor may act for; NotFoundError when the user has left it meanwhile.
    """
    words, extra = split_handles(words)
    changes = _normalised(store, words)
    if not changes:
        raise InputError("nothing to change was given", hint="see: cicero user set --help")
    with store.transaction():
        user = _lock(store, user_id, client_id)
        changed = replace(user, **changes)
        if changed.user_id != user.user_id:
            _rename(store, user, changed.user_id, by)
        _refuse_shared_handles(store, changed, {**store.users.extra_handles(user.user_id), **extra})
        store.users.update(changed)
        _set_extra_handles(store, changed, extra)
        _record(store, "user.changed", changed, by, fields=sorted(changes))
    return changed


def split_handles(words: Mapping[str, Any]) -> tuple[dict[str, Any], dict[Platform, list[str]]]:
    """The words with the main handles alone, and the handles beside them, of the platforms of which all were typed."""
    mains = dict(words)
    extra: dict[Platform, list[str]] = {}
    for platform in Platform:
        typed = words.get(platform.value)
        if isinstance(typed, str) or typed is None:
            continue
        handles = [normalise_typed(platform.value, text) for text in typed]
        main, *others = dict.fromkeys(handle for handle in handles if handle) or [""]
        mains[platform.value], extra[platform] = main, [str(handle) for handle in others]
    return mains, extra


def _set_extra_handles(store: Store, user: User, extra: Handles) -> None:
    for platform, handles in extra.items():
        store.users.set_extra_handles(user.user_id, platform, handles)


def _rename(store: Store, user: User, new_id: str, by: Actor) -> None:
    if not store.users.rename(user.user_id, new_id):
        raise InputError(_taken(new_id, store.users.get(new_id), by), field="user_id")
    renamed = replace(user, user_id=new_id)
    _record(store, "user.renamed", renamed, by, **{"from": user.user_id})


def remove_user(
    store: Store, user_id: str, *, by: Actor, client_id: str | None = None, erase: bool = False
) -> User:
    """Remove the user from today on, or (`erase`) from past days too, also one who was removed before.

    Likes and comments stay, for they are kept by handle.

    `client_id` as in `set_user`.
    """
    with store.transaction():
        is_gone = erase and store.users.get(_typed_id(user_id)) is None
        user = get_user_ever(store, user_id) if is_gone else _lock(store, user_id, client_id)
        store.users.remove(user.user_id)
        if erase:
            store.history.erase_user(user.user_id)
        _record(store, "user.erased" if erase else "user.removed", user, by)
    return user


def _lock(store: Store, user_id: str, client_id: str | None) -> User:
    user = store.users.lock(_typed_id(user_id), client_id=client_id)
    if user is None:
        raise unknown_user(user_id)
    return user


def _record(store: Store, action: str, user: User, by: Actor, **details: object) -> None:
    store.audit.add(action, by, subject=user.user_id, client_id=user.client_id, details=details)


def _taken(user_id: str, present: User | None, by: Actor) -> Text:
    if present is None:
        return Text("user {user_id} exists already", user_id=user_id)
    if not by.may_see(present.client_id):
        return Text("user {user_id} exists already at another client", user_id=user_id)
    return Text(
        "user {user_id} exists already ({nama}, {client_id})",
        user_id=user_id,
        nama=present.nama,
        client_id=present.client_id,
    )


def _typed_id(user_id: str) -> str:
    """As it is stored; one that no new user may have is looked up as it was typed."""
    try:
        return normalise_user_id(user_id)
    except ValueError:
        if not user_id.isprintable():
            raise unknown_user(user_id) from None
        return user_id.strip()


def unknown_user(user_id: str) -> NotFoundError:
    """The error for an id that nobody has, or that is not for the caller to know."""
    return NotFoundError(
        "there is no user {user_id!r}",
        hint="leading zeros matter; see: cicero user list",
        user_id=user_id.strip(),
    )


def _refuse_doubtful_id(store: Store, user: User) -> None:
    """An id with dots, or one that lost its zeros, is most likely somebody's who is on file."""
    known = {digits_of(other.user_id): other for other in store.users.list([user.client_id])}
    if doubt := doubt_user_id(user.user_id, known.get(digits_of(user.user_id))):
        raise InputError(doubt, field="user_id")


def _refuse_shared_handles(store: Store, user: User, extra: Handles) -> None:
    if not user.status:
        return
    for holder in store.users.handle_holders(user, extra):
        raise InputError(
            "{option} {value!r}: {reason}; nothing was changed",
            hint="two active users of one client cannot share a handle",
            field=holder.platform,
            option=f"--{holder.platform}",
            value=holder.username,
            reason=Text(
                "{holder} ({holder_id}) has this handle, so {nama} ({user_id}) cannot",
                holder=holder.nama,
                holder_id=holder.user_id,
                nama=user.nama,
                user_id=user.user_id,
            ),
        )


def _normalised(store: Store, words: Mapping[str, Any]) -> dict[str, Any]:
    fields = {
        name: normalise_typed(name, value) for name, value in words.items() if value is not None
    }
    if "client_id" in fields:
        fields["client_id"] = get_client(store, fields["client_id"]).client_id
    return fields


def normalise_typed(name: str, value: object) -> Any:
    """The value of one column as it is stored; InputError names the option."""
    try:
        return normalise_user_field(name, value)
    except ValueError as error:
        option = name.upper() if name == "user_id" else f"--{name}"
        raise InputError(
            "{option} {value!r}: {reason}; nothing was changed",
            field=name,
            option=option,
            value=value,
            reason=reason_of(error),
        ) from error
