"""What a route declares: the least role that may call it, whose data it is about, and what may be exempt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.web.http.checked_request import CheckedRequest
from cicero_cli.web.http.lanes import Lane

PUBLIC: Role | None = None
"""As `role=`: anybody may call it. Such a route must be in PUBLIC_ROUTES too."""

PUBLIC_ROUTES = frozenset(
    {
        "GET /healthz",
        "GET /readyz",
        "GET /docs",
        "GET /docs/{name}",
        "GET /api/images",
        "GET /api/images/placeholder",
        "POST /api/auth/login",
        "POST /api/auth/dashboard-login",
        "POST /api/auth/dashboard-register",
        "POST /api/auth/dashboard-password-reset/request",
        "POST /api/auth/dashboard-password-reset/confirm",
        "GET /webhooks/whatsapp/cloud",
        "GET /webhooks/whatsapp/cloud/{sender}",
        "POST /webhooks/whatsapp/{gateway}",
        "POST /webhooks/whatsapp/{gateway}/{sender}",
        "GET /masuk",
        "POST /masuk",
        "GET /cek/{token}",
        "POST /cek/{token}",
        "GET /static/{name}",
    }
)
"""Every route that answers without a token; the one of `/cek` shows what the link itself is signed for."""

VIEWER_WRITES = frozenset({"POST /api/auth/logout", "POST /keluar", "POST /kata-sandi"})
"""The writes that a viewer may do: to its own session and password."""

SMALL_BODY = 4096
"""Bytes of a log-in and its like: what strangers may send before anybody knows them."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Client(Enum):
    """Whose data a route is about."""

    NAMED = auto()
    """The client that `client_id` names, else the token's: `call.one_client`."""
    OWN = auto()
    """The caller's clients, or the one that `client_id` names: narrow by `call.client_ids`."""
    USER = auto()
    """The client of the user that `user_id` in the path names; 404 when there is no such user, or it is not the caller's to see."""
    NONE = auto()
    """Nobody's data in particular."""


class UnsignedFormError(HTTPException):
    """A form of these pages whose CSRF token is not this session's: of an earlier log-in, as a rule."""


@dataclass(frozen=True)
class Pages:
    """How HTML routes differ: where their token is, what else a write must show, and what a refusal looks like.

    `read_token` gives the token of a request or None (a cookie). `check_write` raises UnsignedFormError for a write
    without its CSRF token, or HTTPException(403) for one of another site; it gets the request, whose body has been read,
    and the `jti`. `refuse` turns a status and a
    message into a page or a redirect to the log-in form.
    """

    read_token: Callable[[Request], str | None]
    check_write: Callable[[CheckedRequest, str], Awaitable[None]]
    refuse: Callable[[Request, int, str], Response]


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a route declared."""

    role: Role | None
    client: Client
    lane: Lane | None
    pages: Pages | None = None
    repeatable: bool = True
    body_limit: int = 0
    is_signed: bool = False
    """The function looks at the body's signature, so nobody reads the body as JSON before that."""
    show_unsigned: Callable[..., Response] | None = None
    """What a form without its CSRF token gets instead of the function; None: a refusal."""
