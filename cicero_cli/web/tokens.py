"""Tokens: a signed name of a row in `sessions`. What counts is the row; the payload repeats it for the dashboards."""

from __future__ import annotations

import functools
from datetime import datetime

import jwt

from cicero_cli.core.settings import Secret
from cicero_cli.services.signing_in import SignedIn

_ALGORITHM = "HS256"  # pinned: a token never chooses its own


class BadTokenError(Exception):
    """No token, or one that this server did not sign, or one that has expired."""


def make_token(session: SignedIn, key: Secret) -> str:
    """The token of a session that began."""
    return jwt.encode(
        {
            "jti": session.jti,
            "sub": session.user_id,
            "iat": session.issued_at,
            "exp": session.expires_at,
            "client_id": session.client_id,
            "role": session.role.word,
            "user_id": session.user_id,
            "username": session.username,
        },
        key.reveal(),
        algorithm=_ALGORITHM,
    )


def read_token(token: str, key: Secret, *, now: datetime) -> str:
    """The `jti` of a token whose signature and time are good; BadTokenError otherwise."""
    jti, expires = _verify(token, key)
    if expires <= now.timestamp():
        raise BadTokenError
    return jti


@functools.lru_cache(maxsize=4096)
def _verify(token: str, key: Secret) -> tuple[str, float]:
    """The name and the end of a token that this key signed; what was verified once need not be verified again."""
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
    return jti, expires
