"""Accounts as an admin keeps them: added, listed, changed, removed, looked up in the audit log.

Whatever changes what an account may do ends its sessions: its tokens are worthless from that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from cicero_cli.domain.access.accounts import (
    Account,
    Role,
    normalise_dashboard_role,
    normalise_username,
    parse_role,
)
from cicero_cli.domain.access.accounts import normalise_access_code as plain_code
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.clients import unknown_client
from cicero_cli.domain.roster.phones import normalise_phone
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.credentials import hash_secret, make_access_code, make_password
from cicero_cli.words import Text, reason_of


@dataclass(frozen=True)
class NewSecrets:
    """What was generated and is shown once; None for what stayed as it was."""

    password: str | None = None
    access_code: str | None = None


@dataclass(frozen=True)
class AccountChanges:
    """What was typed; None for what was not."""

    role: str | None = None
    client_ids: Sequence[str] | None = None
    active: bool | None = None
    dashboard_role: str | None = None  # '' takes it away, as of the number
    whatsapp: str | None = None
    new_password: bool = False
    new_access_code: bool = False
    revoke_access_code: bool = False
    log_out: bool = False


def add_account(
    store: Store,
    username: str,
    *,
    role: str,
    client_ids: Sequence[str],
    by: Actor,
) -> tuple[Account, NewSecrets]:
    """A new account with a generated password and access code, shown this once."""
    name, wanted = _name(username), _role(role)
    scopes = _scopes(store, client_ids)
    if wanted is not Role.ADMIN and not scopes:
        raise InputError(
            "a {role} sees only the clients it is given, and none was named",
            hint="add --client CLIENT_ID, once for each",
            role=wanted.word,
        )
    password, code = make_password(), make_access_code()
    with store.transaction():
        account_id = store.accounts.add(
            name,
            role=wanted.word,
            active=True,
            password_hash=hash_secret(password),
            access_key=code.key,
            access_code_hash=hash_secret(plain_code(code.text)),
        )
        if account_id is None:
            raise InputError(
                "account {name} exists already",
                hint="change it with: cicero account set {name}",
                name=name,
            )
        store.accounts.set_clients(account_id, scopes)
        store.audit.add(
            "account.added",
            by,
            subject=name,
            details={"role": wanted.word, "clients": scopes},
        )
    return get_account(store, name), NewSecrets(password, code.text)


def get_account(store: Store, username: str) -> Account:
    """The account of this name in any case; NotFoundError names the ones there are."""
    account = store.accounts.get(username.strip().lower())
    if account is None:
        known = [known.username for known in store.accounts.list()]
        hint = (
            Text("there are: {names}", names=", ".join(known[:10]))
            if known
            else Text("add one: cicero account add")
        )
        raise NotFoundError(
            "there is no account {username}", hint=hint, username=username.strip().lower()
        )
    return account


def change_account(
    store: Store, username: str, changes: AccountChanges, *, by: Actor
) -> tuple[Account, NewSecrets, int]:
    """Change what was typed; gives the account, the secrets that are new, and how many sessions ended.

    InputError when nothing was typed, and for one's own secrets: whoever found an unlocked screen would be let in for ever.
    """
    if changes == AccountChanges():
        get_account(store, username)
        raise InputError("nothing to change was given", hint="see: cicero account set --help")
    if username.strip().lower() == by.name and (changes.new_password or changes.new_access_code):
        raise InputError(
            "one's own password is changed by who knows the old one"
            if changes.new_password
            else "one's own access code is renewed by another admin",
            hint="or at the server: cicero account set {username}",
            username=by.name,
        )
    password = make_password() if changes.new_password else None
    password_hash = hash_secret(password) if password else None
    code = make_access_code() if changes.new_access_code else None
    code_hash = hash_secret(plain_code(code.text)) if code else None
    with store.transaction():
        account = _lock(store, username)
        changed = replace(
            account,
            role=account.role if changes.role is None else _role(changes.role),
            active=account.active if changes.active is None else changes.active,
            client_ids=account.client_ids
            if changes.client_ids is None
            else tuple(sorted(_scopes(store, changes.client_ids))),
            dashboard_role=account.dashboard_role
            if changes.dashboard_role is None
            else _read("--dashboard-role", normalise_dashboard_role, changes.dashboard_role),
            whatsapp=account.whatsapp
            if changes.whatsapp is None
            else _read("--whatsapp", normalise_phone, changes.whatsapp),
        )
        different = _difference(account, changed, changes)
        if not different:  # nobody is logged out for what was so already
            return account, NewSecrets(), 0
        store.accounts.update(changed)
        store.accounts.set_clients(account.account_id, changed.client_ids)
        if password_hash is not None:
            store.accounts.set_password(account.account_id, password_hash)
        if code is not None:
            store.accounts.set_access_code(
                account.account_id, access_key=code.key, access_code_hash=code_hash
            )
        elif changes.revoke_access_code:
            store.accounts.set_access_code(
                account.account_id, access_key=None, access_code_hash=None
            )
        ended = store.sessions.revoke_all(account.account_id, now=by.at)
        store.audit.add(
            "account.changed",
            by,
            subject=account.username,
            details=different,
        )
    return (
        get_account(store, account.username),
        NewSecrets(password, code.text if code else None),
        ended,
    )


def remove_account(store: Store, username: str, *, by: Actor) -> Account:
    """Remove the account and end its sessions; the audit log keeps its name."""
    with store.transaction():
        account = _lock(store, username)
        store.accounts.remove(account.account_id)
        store.audit.add("account.removed", by, subject=account.username)
    return account


def _lock(store: Store, username: str) -> Account:
    store.accounts.lock(username.strip().lower())
    return get_account(store, username)


def _difference(before: Account, after: Account, changes: AccountChanges) -> dict[str, object]:
    told: dict[str, object] = {}
    if after.role is not before.role:
        told["role"] = after.role.word
    if after.active is not before.active:
        told["active"] = after.active
    if after.client_ids != before.client_ids:
        told["clients"] = list(after.client_ids)
    if after.dashboard_role != before.dashboard_role:
        told["dashboard_role"] = after.dashboard_role
    if after.whatsapp != before.whatsapp:
        told["whatsapp"] = True  # the log holds no numbers
    for name in ("new_password", "new_access_code", "revoke_access_code", "log_out"):
        if getattr(changes, name):
            told[name] = True
    return told


def _name(text: str) -> str:
    try:
        return normalise_username(text)
    except ValueError as error:
        raise InputError(
            "{option} {value!r}: {reason}; nothing was changed",
            option="username",
            value=text,
            reason=reason_of(error),
        ) from error


def _role(text: str) -> Role:
    try:
        return parse_role(text)
    except ValueError as error:
        raise InputError(
            "{option} {value!r}: {reason}; nothing was changed",
            option="--role",
            value=text,
            reason=reason_of(error),
        ) from error


def _read(option: str, normalise: Callable[[str], str | None], typed: str) -> str | None:
    try:
        return normalise(typed)
    except ValueError as error:
        raise InputError(
            "{option} {value!r}: {reason}; nothing was changed",
            option=option,
            value=typed,
            reason=reason_of(error),
        ) from error


def _scopes(store: Store, client_ids: Sequence[str]) -> list[str]:
    """The clients that were named, once each; NotFoundError for one that there is not."""
    scopes = list(dict.fromkeys(typed.strip().upper() for typed in client_ids if typed))
    for client_id in scopes:
        if store.clients.get(client_id) is None:
            raise unknown_client(client_id, store.clients.list())
    return scopes
