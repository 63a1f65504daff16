"""Secrets that people type: made here, kept as argon2id, and checked in the same time whether the name exists or not."""

from __future__ import annotations

import functools
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cicero_cli.domain.access.accounts import normalise_access_code
from cicero_cli.domain.access.passwords import LONGEST_PASSWORD, password_weakness
from cicero_cli.errors import InputError, SettingError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_ALPHABET = (
    "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is mistaken for something else on paper
)
_KEY_LENGTH = 6
_GROUP = 6
_GROUPS = 4
_BCRYPT_BYTES = 72


@dataclass(frozen=True)
class AccessCode:
    """An access code, and the part of it that finds its account."""

    text: str
    key: str


def make_password() -> str:
    """A password that nobody guesses and everybody can copy: 20 letters and digits, 100 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def make_access_code() -> AccessCode:
    """An access code: six characters that find the account, then 90 bits that nobody guesses."""
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    return AccessCode("-".join(groups), groups[0])


def read_access_code(typed: str) -> AccessCode | None:
    """An access code as it is hashed, and the part of it that finds the account; None for what cannot be one."""
    text = normalise_access_code(typed)
    if len(text) != _GROUP * _GROUPS or not set(text) <= set(_ALPHABET):
        return None
    return AccessCode(text, text[:_KEY_LENGTH])


def check_new_password(password: str, *, username: str) -> None:
    """InputError for a password that is too short, too long, or guessed soon."""
    if weakness := password_weakness(password, username=username):
        raise InputError(weakness)


def hash_secret(secret: str) -> str:
    """As the database keeps it."""
    return _hasher().hash(secret)


def verify_secret(secret: str, secret_hash: str | None) -> bool:
    """Whether this is the secret. Without a hash (no such account) it costs one verification all the same.

    Never a part of it: what is longer than any secret is none, whatever it begins with.
    """
    from argon2.exceptions import (
        InvalidHashError,
        VerificationError,
    )

    if is_bcrypt(secret_hash):
        return _verify_bcrypt(secret, str(secret_hash))
    dummy = (
        _dummy_hash()
    )  # also when it is not needed: the first to need it would take twice as long
    fits = len(secret) <= LONGEST_PASSWORD
    try:
        is_right = _hasher().verify(secret_hash or dummy, secret if fits else "")
    except (VerificationError, InvalidHashError):
        return False
    return is_right and fits and secret_hash is not None


def is_bcrypt(secret_hash: str | None) -> bool:
    """Whether the hash came from Cicero_V2; it is replaced as soon as the secret is known, at a log-in."""
    return (secret_hash or "").startswith(("$2a$", "$2b$", "$2y$"))


def _verify_bcrypt(secret: str, secret_hash: str) -> bool:
    try:
        import bcrypt
    except ImportError as error:
        raise _without_extra() from error
    encoded = secret.encode()
    try:
        # Cicero_V2 hashed the first 72 bytes; this library refuses more
        is_right = bcrypt.checkpw(encoded[:_BCRYPT_BYTES], secret_hash.encode())
    except ValueError:  # a hash that was cut off, or a NUL in what was typed
        return False
    return is_right and len(secret) <= LONGEST_PASSWORD


@functools.cache
def _dummy_hash() -> str:
    return hash_secret(secrets.token_urlsafe())


@functools.cache
def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ImportError as error:
        raise _without_extra() from error
    return PasswordHasher()


def _without_extra() -> SettingError:
    return SettingError(
        "accounts need the extra `serve`",
        hint="install it: pip install -e '.[serve]' in the checkout (docs/operations.md)",
    )
