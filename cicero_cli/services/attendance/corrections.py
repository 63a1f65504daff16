"""What no list can prove is decided by a person: `absensi accept` and `post exclude`, from their moment on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.corrections import CorrectablePost
from cicero_cli.domain.collection.posts import post_key_of
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import choose_moment
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import get_user


def accept_posts(
    store: Store,
    user_id: str,
    *,
    posts: Sequence[str],
    day: str | None,
    platforms: Sequence[Platform],
    client_id: str | None,
    reason: str | None,
    undo: bool,
    by: Actor,
) -> tuple[User, Sequence[CorrectablePost]]:
    """Count posts for one user, those named or all of a day that are left; `undo`: as if it had not been said, from now on.

    InputError for a post on which the user was not expected, and when nothing changes.
    """
    user = get_user(store, user_id)
    why = _reason(reason, undo=undo)
    if bool(posts) == (day is not None):
        raise InputError("say which: --post CODE, or --date DAY for all posts of that day")
    if posts:
        client = None if client_id is None else get_client(store, client_id).client_id
        found = [post for key in posts for post in _find_posts(store, key, client)]
    else:
        client = client_id or user.client_id
        found = [
            post for post in list_posts(store, client, day, now=by.at) if post.state == "counted"
        ]
    found = [post for post in found if post.platform in platforms]
    expected = [post for post in found if _is_expected(store, user, post)]
    if not expected:
        raise InputError(
            "{nama} was expected on no such post; nothing was changed",
            hint="see: cicero post list --client {client_id} --date DAY; of another client: --client",
            nama=user.nama,
            client_id=user.client_id,
        )
    out = next((post for post in expected if posts and post.state != "counted"), None)
    if out is not None and not undo:
        raise InputError(
            "{post} counts for nobody ({state}); nothing was changed",
            post=out.post_key,
            state=out.state,
        )
    with store.transaction():
        changed = []
        for post in expected:
            if undo:
                is_changed = store.corrections.end(post, user.user_id, by=by)
            else:
                is_changed = not _has_done(store, user, post) and store.corrections.add(
                    post, user.user_id, why, by=by
                )
            if is_changed:
                changed.append(post)
                action = "user.acceptance_ended" if undo else "user.post_accepted"
                _record(store, action, post, by, user=user, reason=why)
    if not changed:
        raise InputError(
            "{nama} has no accepted post there; nothing was changed"
            if undo
            else "{nama} has done it already; nothing was changed",
            nama=user.nama,
        )
    return user, changed


def exclude_post(
    store: Store, post: str, *, client_id: str | None, reason: str | None, undo: bool, by: Actor
) -> CorrectablePost:
    """Take a post out of all reports from now on, or (`undo`) back in; InputError when it is so already."""
    why = _reason(reason, undo=undo)
    client = None if client_id is None else get_client(store, client_id).client_id
    found = _find_posts(store, post, client)
    if len(found) > 1:
        raise InputError(
            "{post} is a post of several clients: {clients}; nothing was changed",
            hint="say of which: --client",
            post=found[0].post_key,
            clients=", ".join(one.client_id for one in found),
        )
    [chosen] = found
    with store.transaction():
        if undo:
            is_changed = store.corrections.end(chosen, None, by=by)
        else:
            is_changed = store.corrections.add(chosen, None, why, by=by)
        if not is_changed:
            raise InputError(
                "{post} is not excluded; nothing was changed"
                if undo
                else "{post} is excluded already; nothing was changed",
                post=chosen.post_key,
            )
        action = "client.exclusion_ended" if undo else "client.post_excluded"
        _record(store, action, chosen, by, user=None, reason=why)
    return chosen


def list_posts(
    store: Store, client_id: str, day: str | None, *, now: datetime, days: int = 1
) -> Sequence[CorrectablePost]:
    """All posts of a client's days up to this one, those that do not count among them, oldest first."""
    client = get_client(store, client_id, may_have_ended=True)
    last_day = choose_moment(client, day, None, now=now).day
    first_day = date.fromordinal(last_day.toordinal() - days + 1)
    return store.corrections.list_posts(client.client_id, first_day, last_day)


def _reason(reason: str | None, *, undo: bool) -> str:
    if undo:
        if reason is not None:
            raise InputError("--undo needs no --reason; nothing was changed")
        return ""
    if reason is None or not reason.strip():
        raise InputError("--reason is needed: it stands in the report's data; nothing was changed")
    return reason.strip()


def _find_posts(store: Store, typed: str, client_id: str | None) -> Sequence[CorrectablePost]:
    key = post_key_of(typed)
    found = store.corrections.find_posts(key, client_id)
    if not found:
        raise NotFoundError(
            "there is no post {post}; nothing was changed",
            hint="its code or its address; see: cicero post list",
            post=key,
        )
    return found


def _is_expected(store: Store, user: User, post: CorrectablePost) -> bool:
    expected = store.audiences.expected(post.client_id, post.platform, post.day)
    return any(one.user_id == user.user_id for one in expected)


def _has_done(store: Store, user: User, post: CorrectablePost) -> bool:
    doers = store.engagement(post.platform).list_doers(
        post.client_id, post.day, [post.post_id], None
    )
    return user.user_id in doers.get(post.post_id, ())


def _record(
    store: Store, action: str, post: CorrectablePost, by: Actor, *, user: User | None, reason: str
) -> None:
    details = {"post": post.post_key, "day": post.day.isoformat(), "reason": reason}
    store.audit.add(
        action,
        by,
        subject=user.user_id if user else post.client_id,
        client_id=post.client_id,
        details={key: value for key, value in details.items() if value},
    )
