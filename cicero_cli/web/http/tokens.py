"""Tokens: a signed name of a row in `sessions`. What counts is the row; the payload repeats it for the dashboards."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime

import jwt

from cicero_cli.core.setting_values import Secret
from cicero_cli.domain.access.accounts import Role, parse_role
from cicero_cli.services.access.log_in import SignedIn

_ALGORITHM = "HS256"  # pinned: a token never chooses its own


class BadTokenError(Exception):
    """One that this server did not sign, or one that has expired; or none."""


class NoTokenError(BadTokenError):
    """No token at all: somebody who has not logged in yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a token says; only the session that `jti` names knows whether the rest is still so."""

    jti: str
    username: str
    role: Role
    expires: float


def make_token(session: SignedIn, key: Secret) -> str:
    """The token of a session that began."""
    return jwt.encode(
        {
            "jti": session.jti,
            "sub": session.user_id,
            "iat": session.issued_at,
            "exp": session.expires_at,
            "client_id": session.client_id,
            "role": session.dashboard_role or session.role.word,  # as dashboards are told it
            "rights": session.role.word,
            "user_id": session.user_id,
            "username": session.username,
        },
        key.reveal(),
        algorithm=_ALGORITHM,
    )


def read_token(token: str, key: Secret, *, now: datetime) -> str:
    """The `jti` of a token whose signature and time are good; BadTokenError otherwise."""
    return read_claims(token, key, now=now).jti


def read_claims(token: str, key: Secret, *, now: datetime) -> Claims:
    """What a token says whose signature and time are good; BadTokenError otherwise."""
    claims = _verify(token, key)
    if claims.expires <= now.timestamp():
        raise BadTokenError
    return claims


@functools.lru_cache(maxsize=4096)
def _verify(token: str, key: Secret) -> Claims:
    """What a token says that this key signed; what was verified once need not be verified again."""
    try:
        claims = jwt.decode(
            token,
            key.reveal(),
            algorithms=[_ALGORITHM],
            options={"require": ["jti", "exp", "sub"], "verify_exp": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise BadTokenError from error
    jti, expires = claims["jti"], claims["exp"]
    if not isinstance(jti, str) or "\x00" in jti or not isinstance(expires, int | float):
        raise BadTokenError
    try:
        role = parse_role(claims.get("rights") or claims.get("role", ""))
    except (ValueError, AttributeError):
        role = Role.VIEWER  # what is shown, not what is allowed
    username = claims.get("username")
    username = username if isinstance(username, str) else ""
    return Claims(jti=jti, username=username, role=role, expires=expires)
