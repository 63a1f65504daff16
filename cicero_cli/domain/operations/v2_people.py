"""Cicero_V2's clients, people and log-ins as they are kept here, and what of them is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cicero_cli.domain.access.accounts import normalise_username
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client, normalise_client_field
from cicero_cli.domain.roster.users import User, normalise_user_field
from cicero_cli.errors import BadValueError
from cicero_cli.words import Text, reason_of

Row = Mapping[str, Any]
_CLIENT_FIELDS = (
    "nama", "client_type", "client_status", "client_insta", "client_insta_status", "client_tiktok",
    "client_tiktok_status", "tiktok_secuid", "client_operator", "client_super", "client_group",
    "regional_id", "client_amplify_status",
)  # fmt: skip
_USER_FIELDS = (
    "nama", "title", "divisi", "jabatan", "insta", "tiktok", "whatsapp", "email", "exception", "status",
)  # fmt: skip
_OPERATORS = {"admin", "superadmin", "operator"}


@dataclass
class Refusals:
    """What was not taken, by what it is of, with the reason."""

    reasons: dict[str, str] = field(default_factory=dict)

    def add(self, item: str, reason: str) -> None:
        """Another one; two of one item stand beside each other."""
        known = self.reasons.get(item)
        self.reasons[item] = reason if known is None else Text("{a}; {b}", a=known, b=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class V2Account:
    """A log-in of Cicero_V2's dashboards."""

    username: str
    role: str
    active: bool
    password_hash: str
    client_ids: tuple[str, ...]


def make_client(row: Row, known: Client | None, refusals: Refusals) -> Client | None:
    """The client as it shall be: V2's values over those on file; None when its id or name cannot be one."""
    item = Text("client {client_id}", client_id=row.get("client_id"))
    try:
        client_id = str(normalise_client_field("client_id", str(row.get("client_id") or "")))
        name = normalise_client_field("nama", str(row.get("nama") or client_id))
    except ValueError as error:
        refusals.add(item, reason_of(error))
        return None
    base = known or Client(client_id=client_id, nama=str(name))
    values = _cells(row, _CLIENT_FIELDS, normalise_client_field, item, refusals)
    return replace(base, **values)


def make_user(
    row: Row, known: User | None, client_ids: Iterable[str], refusals: Refusals
) -> User | None:
    """The person as it shall be, V2's values over those on file; None when it cannot be kept at all."""
    item = Text("user {user_id}", user_id=row.get("user_id"))
    client_id = str(row.get("client_id") or "").strip().upper()
    try:
        user_id = str(normalise_user_field("user_id", str(row.get("user_id") or "")))
        name = str(normalise_user_field("nama", str(row.get("nama") or "")))
        if client_id not in client_ids:
            raise BadValueError("there is no client {client_id}", client_id=client_id or "-")
    except ValueError as error:
        refusals.add(item, reason_of(error))
        return None
    base = known or User(user_id=user_id, client_id=client_id, nama=name)
    values = _cells(row, _USER_FIELDS, normalise_user_field, item, refusals)
    return replace(base, client_id=client_id, **values)


def settle_handles(
    users: dict[str, User], moved: Iterable[str], known: Mapping[str, User], refusals: Refusals
) -> None:
    """Take a handle that two active people of one client have from those whom V2 gave it anew; both are named."""
    mine = set(moved)
    for platform in Platform:
        holders: dict[tuple[str, str], list[str]] = defaultdict(list)
        for user in users.values():
            handle = user.username(platform)
            if handle and user.status:
                holders[user.client_id, handle].append(user.user_id)
        for (client_id, handle), user_ids in holders.items():
            if len(user_ids) == 1:
                continue
            for user_id in user_ids:
                before = known.get(user_id)
                is_kept = (
                    before is not None
                    and before.status
                    and before.client_id == client_id
                    and before.username(platform) == handle
                )
                if user_id in mine and not is_kept:
                    users[user_id] = _without_handle(users[user_id], platform)
            refusals.add(
                Text("{names} of {client_id}", names=", ".join(user_ids), client_id=client_id),
                Text("they have the same handle {handle}; say whose it is", handle=handle),
            )


def _without_handle(user: User, platform: Platform) -> User:
    return replace(user, insta=None) if platform is Platform.INSTA else replace(user, tiktok=None)


def make_account(row: Row, client_ids: Iterable[str], refusals: Refusals) -> V2Account | None:
    """The log-in; nobody becomes an admin by moving in, since an admin sees every client here."""
    item = Text("account {username}", username=row.get("username"))
    secret = str(row.get("password_hash") or row.get("password") or "")
    role = str(row.get("role_name") or row.get("role") or "").strip().lower()
    scopes = sorted({str(each).strip().upper() for each in row.get("client_ids") or ()})
    try:
        username = normalise_username(str(row.get("username") or ""))
        if not secret.startswith(("$2a$", "$2b$", "$2y$")):
            raise BadValueError("its password is kept in a way that cannot be taken over")
    except ValueError as error:
        refusals.add(item, reason_of(error))
        return None
    known = tuple(each for each in scopes if each in client_ids)
    if len(known) < len(scopes):
        refusals.add(item, Text("some of its clients are not there"))
    return V2Account(
        username=username,
        role="operator" if role in _OPERATORS else "viewer",
        active=row.get("status") is True,
        password_hash=secret,
        client_ids=known,
    )


def _cells(
    row: Row,
    names: Iterable[str],
    normalise: Callable[[str, object], object],
    item: str,
    refusals: Refusals,
) -> dict[str, Any]:
    """The columns that V2 has; one that cannot be read costs itself, and what is on file stays."""
    values: dict[str, Any] = {}
    for name in names:
        if name not in row or (row[name] is None and name in _NEVER_NULL):
            continue
        try:
            text = row[name]
            value = None if text is None else normalise(name, text)
        except ValueError as error:
            refusals.add(item, Text("{column}: {reason}", column=name, reason=reason_of(error)))
            continue
        values[name] = value or None if isinstance(value, str) else value
    return values


_NEVER_NULL = {
    "nama", "client_type", "client_status", "client_insta_status", "client_tiktok_status",
    "client_amplify_status", "exception", "status",
}  # fmt: skip
