"""The signature that every form repeats, so that no other site's form is taken for one of ours."""

from __future__ import annotations

import hashlib
import hmac

from cicero_cli.core.setting_values import Secret


def csrf_token(key: Secret, name: str) -> str:
    """The signature of a session's or a visitor's name."""
    return hmac.new(key.reveal().encode(), f"csrf {name}".encode(), hashlib.sha256).hexdigest()


def session_name(jti: str) -> str:
    """What the forms of a session sign."""
    return f"session {jti}"


def visitor_name(visitor: str) -> str:
    """What the log-in form of somebody without a session signs."""
    return f"visitor {visitor}"
