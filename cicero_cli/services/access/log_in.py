"""Log-in and log-out: who may have a token.

An unknown name and a wrong secret are refused alike: the same error, after the same work. How guessing is slowed: guessing.py.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from cicero_cli.domain.access.accounts import (
    Account,
    Role,
    home_client,
    normalise_username,
)
from cicero_cli.domain.access.actors import UNKNOWN_NAME, Actor
from cicero_cli.domain.roster.clients import Client, normalise_client_id
from cicero_cli.domain.roster.phones import normalise_phone
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.access.sessions import NewSession
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.credentials import (
    hash_secret,
    is_bcrypt,
    read_access_code,
    verify_secret,
)
from cicero_cli.services.access.guessing import known_as, slowed
from cicero_cli.services.access.refusals import note_refusal

SESSION_LIFETIME = timedelta(hours=12)


class LoginRefusedError(CiceroError):
    """Unknown name, wrong secret, or an account that may not log in: never said which."""

    code = "login_refused"


class AccessCodeRefusedError(LoginRefusedError):
    """The same of the first generation's form, which asks for a client and its operator."""


class NotApprovedError(LoginRefusedError):
    """The secret was right, and an admin has not approved the account yet, or has closed it, or gave it no client."""

    code = "not_approved"


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A session that began: what its token says."""

    jti: str
    user_id: str
    username: str
    role: Role
    client_id: str | None
    issued_at: datetime
    expires_at: datetime
    dashboard_role: str | None = None


def password_subject(username: str) -> str | None:
    """What is guessed at with this name (guessing.py); None when there can be no such name."""
    name = _name_or_none(normalise_username, username)
    return f"name:{name}" if name else None


def access_code_subject(client_id: str, code: str, *, accepts_phone: bool) -> str | None:
    """What is guessed at with this code, or with an operator's number; None for what is neither."""
    if typed := read_access_code(code):
        return f"code:{typed.key}"
    name = _name_or_none(normalise_client_id, client_id)
    return f"phone:{name}" if name and accepts_phone else None


def log_in_with_password(
    store: Store,
    username: str,
    password: str,
    *,
    address: str,
    now: datetime,
    device: str | None = None,
) -> SignedIn:
    """Begin a session; LoginRefusedError, or SlowDownError before the password is looked at.

    `device`: the word of a browser that has logged in under this name before.
    """
    name, subject = _name_or_none(normalise_username, username), password_subject(username)
    found = store.accounts.find_password(name) if name else None
    with slowed(
        store,
        subject,
        apart=known_as(store, subject, address=address, device=device),
        by=_sender(name if found else None, address=address, now=now),
    ) as succeed:
        is_right = verify_secret(password, found.secret_hash if found else None)
        account = store.accounts.get_by_id(found.account_id) if found and is_right else None
        if found is None or account is None:
            _refuse(
                store,
                name if found else None,
                LoginRefusedError("the name or the secret is wrong"),
                address=address,
                now=now,
            )
        succeed()
    if is_bcrypt(found.secret_hash):  # of Cicero_V2
        store.accounts.replace_hash(found, hash_secret(password))
    client_id = home_client(account, _client_ids(store, account))
    return _begin(store, account, found.version, client_id, address=address, now=now)


def log_in_with_access_code(
    store: Store,
    client_id: str,
    code: str,
    *,
    accepts_phone: bool,
    address: str,
    now: datetime,
    device: str | None = None,
) -> SignedIn:
    """Begin a session for one client with an account's access code, as the first generation of dashboards asks.

    `accepts_phone`: the number of the client's operator is enough (CICERO_LEGACY_PHONE_LOGIN). `device` as above.
    """
    name = _name_or_none(normalise_client_id, client_id)
    client = store.clients.get(name) if name else None
    typed = read_access_code(code)
    found = store.accounts.find_access_code(typed.key) if typed else None
    subject = access_code_subject(client_id, code, accepts_phone=accepts_phone)
    with slowed(
        store,
        subject,
        apart=known_as(store, subject, address=address, device=device),
        by=_sender(client.client_id if client else None, address=address, now=now),
    ) as succeed:
        is_right = verify_secret(
            typed.text if typed else code, found.secret_hash if found else None
        )
        account = store.accounts.get_by_id(found.account_id) if found and is_right else None
        if client is not None and accepts_phone and _is_operator(client, code):
            succeed()
            return _begin_for_phone(store, client, address=address, now=now)
        if (
            client is None
            or found is None
            or account is None
            or not account.may_see(client.client_id)
        ):
            _refuse(
                store,
                client.client_id if client else None,
                AccessCodeRefusedError("the client or the access code is wrong"),
                address=address,
                now=now,
            )
        succeed()
    return _begin(store, account, found.version, client.client_id, address=address, now=now)


def log_out(store: Store, jti: str, *, by: Actor) -> None:
    """End a session: its token is worthless from now on."""
    store.sessions.revoke(jti, now=by.at)
    store.audit.add("logout", by, subject=by.name)


def _name_or_none(normalise: Callable[[str], str], typed: str) -> str | None:
    try:
        return normalise(typed)
    except ValueError:
        return None


def _sender(name: str | None, *, address: str, now: datetime) -> Actor:
    """Whoever knocks, as the log calls them; `name` is one that there is."""
    return Actor(name or UNKNOWN_NAME, now, address)


def _refuse(
    store: Store, name: str | None, error: LoginRefusedError, *, address: str, now: datetime
) -> NoReturn:
    note_refusal(store, "login.failed", _sender(name, address=address, now=now))
    raise error


def _begin(
    store: Store,
    account: Account,
    account_version: int,
    client_id: str | None,
    *,
    address: str,
    now: datetime,
) -> SignedIn:
    is_lost = account.role is not Role.ADMIN and client_id is None
    if not account.active or is_lost:
        by = Actor(account.username, now, address)
        note_refusal(store, "login.not_approved", by)
        raise NotApprovedError("an admin has not approved this account, or gave it no client")
    session = NewSession(
        jti=secrets.token_urlsafe(24),
        account_id=account.account_id,
        account_version=account_version,
        client_id=client_id,
        address=address,
        issued_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    return _store_session(
        store,
        session,
        user_id=str(account.account_id),
        username=account.username,
        role=account.role,
        dashboard_role=account.dashboard_role,
    )


def _begin_for_phone(store: Store, client: Client, *, address: str, now: datetime) -> SignedIn:
    session = NewSession(
        jti=secrets.token_urlsafe(24),
        account_id=None,
        client_id=client.client_id,
        operator=client.client_operator,
        address=address,
        issued_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    username = f"operator:{client.client_id.lower()}"
    return _store_session(store, session, user_id=username, username=username, role=Role.VIEWER)


def _store_session(
    store: Store,
    session: NewSession,
    *,
    user_id: str,
    username: str,
    role: Role,
    dashboard_role: str | None = None,
) -> SignedIn:
    by = Actor(username, session.issued_at, session.address)
    with store.transaction():
        has_begun = store.sessions.add(session)
        if has_begun:
            store.audit.add("login", by, subject=username, client_id=session.client_id)
    if not has_begun:  # the secret is one that was right a moment ago
        error = LoginRefusedError("the account was just changed")
        _refuse(store, username, error, address=session.address, now=session.issued_at)
    return SignedIn(
        jti=session.jti,
        user_id=user_id,
        username=username,
        role=role,
        client_id=session.client_id,
        issued_at=session.issued_at,
        expires_at=session.expires_at,
        dashboard_role=dashboard_role,
    )


def _is_operator(client: Client, typed: str) -> bool:
    if not client.client_status or not client.client_operator:
        return False
    try:
        number = normalise_phone(typed)
    except ValueError:
        return False
    return number is not None and hmac.compare_digest(number, client.client_operator)


def _client_ids(store: Store, account: Account) -> list[str]:
    if account.role is not Role.ADMIN or account.client_ids:
        return []
    return [client.client_id for client in store.clients.list(active_only=True)]
