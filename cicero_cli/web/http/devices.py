"""The device cookie: a browser that has logged in before, so that others who guess at its owner's name are not in its way.

It opens nothing: it says under which count a failed attempt goes (services/access/guessing.py). It is signed for one
name or access code, so nobody can make one, or use the one of another name.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from cicero_cli.core.setting_values import Secret
from cicero_cli.domain.access.actors import UNKNOWN_NAME, Actor
from cicero_cli.services.access.guessing import known_as, refuse_slowed
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane

_DAYS = 180


def stand_in_line(call: Call, subject: str | None) -> str | None:
    """The sender's device, once the call is in the lane for those who are known or in that for strangers.

    For a route that begins in QUICK, before it has done anything.
    """
    key = call.settings.require_jwt_secret()
    device = device_of(call.request, subject, key=key) if subject else None
    if call.lane is Lane.QUICK:
        known = known_as(call.store, subject, address=call.address, device=device)
        by = Actor(
            UNKNOWN_NAME, call.now, call.address
        )  # nobody has looked whether there is such a name
        refuse_slowed(call.store, subject, apart=known, by=by)
        call.move_to(Lane.SIGN_IN if known else Lane.STRANGERS)
    return device


def device_of(request: Request, subject: str, *, key: Secret) -> str | None:
    """The device's own word, if it has logged in under this name or code; None for a stranger."""
    word, _, signature = request.cookies.get(_name(request), "").partition(".")
    if not word or not hmac.compare_digest(signature.encode(), _sign(word, subject, key).encode()):
        return None
    return word


def keep_device(response: Response, request: Request, subject: str, *, key: Secret) -> None:
    """Let the browser be known under this name or code from now on."""
    word = device_of(request, subject, key=key) or secrets.token_urlsafe(18)
    is_secure = request.url.scheme == "https"
    careful: dict[str, Any] = {
        "path": "/",
        "httponly": True,
        "secure": is_secure,
        "samesite": "none"
        if is_secure
        else "lax",  # a dashboard's log-in may come from another site
    }
    response.set_cookie(
        _name(request), f"{word}.{_sign(word, subject, key)}", max_age=_DAYS * 86_400, **careful
    )


def _name(request: Request) -> str:
    return "__Host-cicero_device" if request.url.scheme == "https" else "cicero_device"


def _sign(word: str, subject: str, key: Secret) -> str:
    text = f"device\n{word}\n{subject}".encode()
    return hmac.new(key.reveal().encode(), text, hashlib.sha256).hexdigest()
