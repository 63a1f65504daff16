"""Cicero_V2's clients, people, roles, log-ins and profiles move in. They are few, and are held while its posts follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.operations.v2_people import (
    Refusals,
    make_account,
    make_client,
    make_user,
    settle_handles,
)
from cicero_cli.domain.operations.v2_proof import Day, DayProof, Holders
from cicero_cli.domain.operations.v2_rows import (
    Clock,
    plain_handle,
    read_moment,
)
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.operations.v2_source import V2Source
from cicero_cli.words import Text


@dataclass
class Count:
    """Rows of one of Cicero_V2's tables, and what became of them here."""

    read: int = 0
    new: int = 0
    changed: int = 0
    refused: int = 0


@dataclass
class Move:
    """What a move has read and written, and what it found out on the way."""

    counts: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    refusals: Refusals = field(default_factory=Refusals)
    remarks: list[str] = field(default_factory=list)
    days: dict[Day, DayProof] = field(default_factory=lambda: defaultdict(DayProof))
    clients: dict[str, Client] = field(default_factory=dict)
    holders: Holders = field(default_factory=Holders)
    clocks: dict[Platform, Clock] = field(default_factory=dict)


def move_people(store: Store, source: V2Source, *, by: Actor) -> Move:
    """Write the clients, people, roles, log-ins and profiles that Cicero_V2 has, all or none."""
    move = Move()
    with store.transaction():
        _move_clients(store, source, move)
        _move_users(store, source, move)
        _move_roles(store, source, move)
        _move_accounts(store, source, move, by)
        _move_profiles(store, source, move, by.at)
    return move


def _move_clients(store: Store, source: V2Source, move: Move) -> None:
    known = {client.client_id: client for client in store.clients.list()}
    count = move.counts["clients"]
    for row in source.rows("clients"):
        count.read += 1
        client_id = str(row.get("client_id") or "").strip().upper()
        client = make_client(row, known.get(client_id), move.refusals)
        if client is None:
            count.refused += 1
            continue
        move.clients[client.client_id] = client
        if client_id not in known:
            store.clients.add(client)
            count.new += 1
        elif client != known[client_id]:
            store.clients.update(client)
            count.changed += 1


def _move_users(store: Store, source: V2Source, move: Move) -> None:
    known = {user.user_id: user for user in store.users.list()}
    users, moved, count = dict(known), [], move.counts["user"]
    for row in source.rows("user"):
        count.read += 1
        _remember_handles(row, move)
        user_id = str(row.get("user_id") or "").strip()
        user = make_user(row, known.get(user_id), move.clients, move.refusals)
        if user is None:
            count.refused += 1
            continue
        users[user.user_id] = user
        moved.append(user.user_id)
    settle_handles(users, moved, known, move.refusals)
    changed = [
        users[user_id] for user_id in dict.fromkeys(moved) if users[user_id] != known.get(user_id)
    ]
    if changed:
        store.v2_target.save_users(changed)
    count.new = sum(user.user_id not in known for user in changed)
    count.changed = len(changed) - count.new
    for user in users.values():
        _note_holder(user, move)


def _remember_handles(row: dict[str, Any], move: Move) -> None:
    if row.get("status") is False:
        return
    client_id = str(row.get("client_id") or "").strip().upper()
    for platform in Platform:
        move.holders.add_v2(client_id, platform, str(row.get(platform.value) or ""))


def _note_holder(user: User, move: Move) -> None:
    for platform in Platform:
        handle = user.username(platform)
        if handle and user.status:
            move.holders.here[user.client_id, platform, handle] += 1


def _move_roles(store: Store, source: V2Source, move: Move) -> None:
    names = {row.get("role_id"): str(row.get("role_name") or "") for row in source.rows("roles")}
    known = {user.user_id for user in store.users.list()}
    count, roles = move.counts["user_roles"], []
    for user_id, role in _roles(source, names):
        count.read += 1
        if user_id in known and role:
            roles.append((user_id, role))
        else:
            count.refused += 1
    count.new = store.v2_target.save_roles(roles)
    if roles:
        each = ", ".join(sorted({role for _, role in roles}))
        move.remarks.append(Text("roles are kept for later, as audiences: {roles}", roles=each))


def _roles(source: V2Source, names: dict[Any, str]) -> Iterator[tuple[str, str]]:
    for row in source.rows("user_roles"):
        role = names.get(row.get("role_id")) or row.get("role_name") or row.get("role") or ""
        yield str(row.get("user_id") or "").strip(), str(role).strip().lower()
    for row in source.rows("user"):  # June 2025: a column for each
        for role in ("ditbinmas", "ditlantas", "bidhumas"):
            if row.get(role) is True:
                yield str(row.get("user_id") or "").strip(), role


def _move_accounts(store: Store, source: V2Source, move: Move, by: Actor) -> None:
    names = {row.get("role_id"): row.get("role_name") for row in source.rows("roles")}
    clients: dict[object, list[str]] = defaultdict(list)
    for row in source.rows("dashboard_user_clients"):
        clients[row.get("dashboard_user_id")].append(str(row.get("client_id")))
    known = {account.username: account for account in store.accounts.list()}
    count, admins = move.counts["dashboard_user"], []
    for row in source.rows("dashboard_user"):
        count.read += 1
        own = [row["client_id"]] if row.get("client_id") else []  # June 2025: one client each
        scopes = clients[row.get("dashboard_user_id")] or own
        role = names.get(row.get("role_id")) or row.get("role")
        account = make_account(
            {**row, "role": role, "client_ids": scopes}, move.clients, move.refusals
        )
        if account is None:
            count.refused += 1
        elif account.username not in known:
            account_id = store.accounts.add(
                account.username,
                role=account.role,
                active=account.active,
                password_hash=account.password_hash,
            )
            if account_id is not None:
                store.accounts.set_clients(account_id, account.client_ids)
                details = {
                    "role": account.role,
                    "clients": list(account.client_ids),
                    "from": "Cicero_V2",
                }
                store.audit.add("account.added", by, subject=account.username, details=details)
                count.new += 1
                if str(role).strip().lower() in {"admin", "superadmin"}:
                    admins.append(account.username)
    if admins:
        move.remarks.append(
            Text(
                "admins of Cicero_V2 came as operators of their clients: {names} (an admin sees every client here:"
                " cicero account set NAME --role admin)",
                names=", ".join(admins),
            )
        )


def _move_profiles(store: Store, source: V2Source, move: Move, now: datetime) -> None:
    count = move.counts["instagram_user"]
    for row in source.rows("instagram_user"):
        count.read += 1
        username = plain_handle(str(row.get("username") or ""))
        if not row.get("user_id") or not username:
            count.refused += 1
            continue
        seen_at = read_moment(row.get("updated_at") or row.get("created_at"), Clock.JAKARTA)
        count.new += store.v2_target.save_profile(
            {
                "instagram_user_id": str(row["user_id"]),
                "username": username,
                "full_name": row.get("full_name") or "",
                "biography": row.get("biography") or "",
                "is_private": bool(row.get("is_private")),
                "is_verified": bool(row.get("is_verified")),
                "is_business": bool(row.get("is_business")),
                "account_type": row.get("account_type"),
                "category": row.get("category"),
                "external_url": row.get("external_url"),
                "profile_pic_url": row.get("profile_pic_url"),
                "fetched_at": seen_at or now,
            }
        )
