"""What keeps the pages: the session's cookie, a CSRF token on every form, and refusals that are pages too.

The cookie holds the same token as the API's, HttpOnly and SameSite=Lax. Every form repeats a signature of its session's
name; the log-in form, which has no session yet, that of a random cookie. A browser that says where a form comes from
(Sec-Fetch-Site) is believed as well.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cicero_cli.services.signing_in import SESSION_LIFETIME
from cicero_cli.web.access import Pages, UnsignedFormError
from cicero_cli.web.call import parts_of
from cicero_cli.web.gate import CheckedRequest
from cicero_cli.web.pages.csrf import csrf_token, session_name, visitor_name
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.rendering import refusal_page
from cicero_cli.web.pages.words import STALE_FORM
from cicero_cli.web.routing import GuardedRouter


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


def _read_token(request: Request) -> str | None:
    return request.cookies.get(_cookie(request, "cicero")) or None


async def _check_write(request: CheckedRequest, jti: str) -> None:
    """403 for a form that is not this session's own."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403, STALE_FORM)
    visitor = visitor_of(request)
    if not jti and not visitor:
        raise HTTPException(403, STALE_FORM)
    name = session_name(jti) if jti else visitor_name(visitor or "")
    expected = csrf_token(parts_of(request).settings.require_jwt_secret(), name)
    given = read_form(request).get("csrf")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise UnsignedFormError(403, STALE_FORM)


PAGES = Pages(read_token=_read_token, check_write=_check_write, refuse=refusal_page)


def page_router() -> GuardedRouter:
    """A router whose routes are pages."""
    return GuardedRouter(tag="page", pages=PAGES)
