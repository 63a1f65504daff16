"""The past mended on purpose: facts from an earlier day on, handles that never were somebody's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.periods import local_day, parse_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client, set_client
from cicero_cli.services.roster.users import get_user, normalise_typed, set_user
from cicero_cli.words import reason_of

_OF_CLIENTS_DAYS = {
    "nama",
    "threshold",
    "under",
    "audience",
    "audience_divisi",
    "days_off",
    "posts_until",
}
_OF_DAYS = ("client_id", "nama", "title", "divisi", "jabatan", "exception", "status")


def set_user_since(
    store: Store,
    user_id: str,
    words: Mapping[str, Any],
    *,
    from_day: str | None,
    until: str | None,
    was_wrong: bool,
    by: Actor,
    now: datetime,
) -> User:
    """`set_user`, from a past day on, or for the days up to `until` alone; `was_wrong`: the handles on file never were
    the user's.
    """
    if was_wrong:
        if from_day is not None or until is not None:
            raise InputError("--was-wrong goes without --from and --until")
        return _mend_handles(store, user_id, words, by=by)
    if from_day is None:
        if until is not None:
            raise InputError("--until goes with --from")
        return set_user(store, user_id, words, by=by)
    user = get_user(store, user_id)
    client = get_client(store, words.get("client_id") or user.client_id)
    first_day = _past_day("--from", from_day, client, now=now)
    last_day = None if until is None else _past_day("--until", until, client, now=now)
    typed = {
        name: normalise_typed(name, value) for name, value in words.items() if value is not None
    }
    if not typed or set(typed) - set(_OF_DAYS):
        raise InputError(
            "--from goes with --client, --nama, --title, --divisi, --jabatan, --exception and --active alone",
            hint="every handle of a user counts on all days anyway",
        )
    if last_day is not None and last_day < first_day:
        raise InputError("--until is before --from")
    if last_day is not None and "client_id" in typed:
        raise InputError(
            "--until goes without --client",
            hint="who is lent for some days is assigned: cicero user assign {user_id} --to CLIENT_ID",
            user_id=user.user_id,
        )
    with store.transaction():
        if last_day is None:
            changed = set_user(store, user.user_id, typed, by=by)
            if "client_id" in typed:
                store.history.move_user(changed.user_id, changed.client_id, first_day)
            values = {name: getattr(changed, name) for name in typed if name != "client_id"}
            if values:
                store.history.patch_user(
                    changed.user_id, changed.client_id, first_day, None, values
                )
        else:
            after = date.fromordinal(last_day.toordinal() + 1)
            changed = user
            store.history.patch_user(user.user_id, user.client_id, first_day, after, typed)
        store.audit.add(
            "user.backdated",
            by,
            subject=user.user_id,
            client_id=changed.client_id,
            details={
                "fields": sorted(typed),
                "from": first_day.isoformat(),
                "until": last_day.isoformat() if last_day else None,
            },
        )
    return changed


def _mend_handles(store: Store, user_id: str, words: Mapping[str, Any], *, by: Actor) -> User:
    """Other handles in the place of those on file, which never were the user's."""
    with store.transaction():
        before = get_user(store, user_id)
        had = _handles(store, before)
        changed = set_user(store, user_id, words, by=by)
        has = _handles(store, changed)
        wrong = {
            platform: [handle for handle in had[platform] if handle not in has[platform]]
            for platform in Platform
        }
        if not any(wrong.values()):
            raise InputError("--was-wrong goes with another --insta or --tiktok")
        for platform, handles in wrong.items():
            for handle in handles:
                right = changed.username(platform)
                store.history.take_back_handle(changed.user_id, platform, handle, right)
        store.audit.add(
            "user.handle_taken_back",
            by,
            subject=changed.user_id,
            client_id=changed.client_id,
            details={
                platform.value: ", ".join(handles) for platform, handles in wrong.items() if handles
            },
        )
    return changed


def _handles(store: Store, user: User) -> dict[Platform, list[str]]:
    extra = store.users.extra_handles(user.user_id)
    return {
        platform: [handle for handle in (user.username(platform), *extra[platform]) if handle]
        for platform in Platform
    }


def set_client_since(
    store: Store,
    client_id: str,
    words: Mapping[str, Any],
    *,
    from_day: str | None,
    by: Actor,
    now: datetime,
) -> Client:
    """`set_client`; threshold, name, place, audience, days off and posts_until also from a past day on; the audit log says by whom."""
    if from_day is None:
        return set_client(store, client_id, words, by=by)
    first_day = _past_day("--from", from_day, get_client(store, client_id), now=now)
    typed = {name for name, value in words.items() if value is not None}
    if not typed or typed - _OF_CLIENTS_DAYS:
        raise InputError(
            "--from goes with --threshold, --nama, --under, --audience, --audience-divisi, --days-off and --posts-until alone"
        )
    with store.transaction():
        changed = set_client(store, client_id, words, by=by)
        values = {name: getattr(changed, name) for name in typed}
        store.history.patch_client(changed.client_id, first_day, values)
        if "posts_until" in typed:
            store.history.redate_posts(changed.client_id, first_day)
        store.audit.add(
            "client.backdated",
            by,
            subject=changed.client_id,
            client_id=changed.client_id,
            details={"fields": sorted(typed), "from": first_day.isoformat()},
        )
    return changed


def _past_day(option: str, typed: str, client: Client, *, now: datetime) -> date:
    try:
        return parse_day(typed, today=local_day(now, client.zone))
    except ValueError as error:
        raise InputError(
            "{option} {typed}: {reason}", option=option, typed=typed, reason=reason_of(error)
        ) from error
