"""The cookies of the pages: the session's token, and a name for visitors who have none; HttpOnly and SameSite=Lax."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from cicero_cli.services.access.log_in import SESSION_LIFETIME


def keep_session(response: Response, request: Request, token: str) -> None:
    """Give the browser its token."""
    response.set_cookie(
        _cookie(request, "cicero"),
        token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        **_careful(request),
    )


def drop_session(response: Response, request: Request) -> None:
    """Take the token away again."""
    response.delete_cookie(_cookie(request, "cicero"), **_careful(request))


def visitor_of(request: Request) -> str | None:
    """The random name of who has no session yet; None at the first visit."""
    return request.cookies.get(_cookie(request, "cicero_visitor")) or None


def keep_visitor(response: Response, request: Request, visitor: str) -> None:
    """Give a visitor a name to sign the log-in form with, until the browser closes."""
    response.set_cookie(_cookie(request, "cicero_visitor"), visitor, **_careful(request))


def new_visitor() -> str:
    """A name that nobody guesses."""
    return secrets.token_urlsafe(18)


def _careful(request: Request) -> dict[str, Any]:
    is_secure = request.url.scheme == "https"
    return {"path": "/", "httponly": True, "samesite": "lax", "secure": is_secure}


def _cookie(request: Request, name: str) -> str:
    """Over https the prefix keeps other hosts of the same domain from setting it."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def session_token(request: Request) -> str | None:
    """The token that the browser keeps; nobody has looked whether it is good."""
    return request.cookies.get(_cookie(request, "cicero")) or None
