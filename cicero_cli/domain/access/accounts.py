"""A login to the API: what it may do, and for which clients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from cicero_cli.errors import BadValueError


class Role(IntEnum):
    """What an account may do; each includes the ones before."""

    VIEWER = 1
    OPERATOR = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        """As the database, the API and the command line say it."""
        return self.name.lower()


def parse_role(text: str) -> Role:
    """The role of this name in any case; ValueError names the ones there are."""
    try:
        return Role[text.strip().upper()]
    except KeyError:
        raise BadValueError("expected admin, operator or viewer") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One row of `accounts` with its clients. An admin sees all clients, whatever `client_ids` says.

    `dashboard_role` is what dashboards are told in place of the role; it grants nothing.
    """

    account_id: int
    username: str
    role: Role
    active: bool
    has_access_code: bool
    created_at: datetime
    client_ids: tuple[str, ...]
    dashboard_role: str | None = None
    whatsapp: str | None = None

    def may_see(self, client_id: str) -> bool:
        """Whether this client (upper-case) is the account's."""
        return self.role is Role.ADMIN or client_id in self.client_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, as the token's session and the account's present rights say.

    `client_id` is the client that the token names, None for an admin without one. `client_ids` are those that may be
    seen, None for all. `account_id` is None for a log-in by phone number (CICERO_LEGACY_PHONE_LOGIN).
    """

    account_id: int | None
    username: str
    role: Role
    client_id: str | None
    client_ids: frozenset[str] | None

    def may_see(self, client_id: str) -> bool:
        """Whether this client (upper-case) is the caller's."""
        return self.client_ids is None or client_id in self.client_ids


def normalise_username(text: str) -> str:
    """Lower-case and trimmed; ValueError for what cannot be a name."""
    username = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._@-]{2,63}", username):
        raise BadValueError(
            "expected 3 to 64 letters, digits, dots, dashes or underscores, such as budi.humas"
        )
    return username


def normalise_dashboard_role(text: str) -> str | None:
    """A word such as `ditbinmas`, lower-case; None for a blank. ValueError for what is none, or is one of cicero's own."""
    word = text.strip().lower()
    if not word:
        return None
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", word) or word in {role.word for role in Role}:
        raise BadValueError("expected a word that only dashboards know, such as ditbinmas")
    return word


def normalise_access_code(text: str) -> str:
    """As it was generated: without the spaces and dashes that make it readable, in upper case."""
    return re.sub(r"[\s-]", "", text).upper()


def home_client(account: Account, all_client_ids: Sequence[str]) -> str | None:
    """The client that a password log-in starts with: the account's first, for an admin without any the first there is."""
    if account.client_ids:
        return account.client_ids[0]
    return next(iter(all_client_ids), None) if account.role is Role.ADMIN else None
