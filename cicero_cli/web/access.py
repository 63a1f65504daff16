"""What a route declares, and what its function works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from starlette.requests import Request
from starlette.responses import Response

from cicero_cli.core.settings import Settings
from cicero_cli.domain.accounts import Caller, Role
from cicero_cli.repositories.store import Store
from cicero_cli.web.cache import Cache
from cicero_cli.web.gate import CheckedRequest
from cicero_cli.web.lanes import Lane, Lanes
from cicero_cli.web.memory import Memory
from cicero_cli.web.upstreams import Upstreams

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
        "POST /webhooks/whatsapp/{gateway}",
        "GET /masuk",
        "POST /masuk",
        "GET /static/{name}",
    }
)
"""Every route that answers without a token."""

VIEWER_WRITES = frozenset({"POST /api/auth/logout", "POST /keluar"})
"""The writes that a viewer may do: to its own session."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class MovedError(Exception):
    """The function wants to go on in another lane; guard.py calls it again there."""

    def __init__(self, lane: Lane) -> None:
        super().__init__(lane.name)
        self.lane = lane


class Client(Enum):
    """Whose data a route is about."""

    NAMED = auto()  # the client that `client_id` names, else the token's: `call.one_client`
    OWN = (
        auto()
    )  # the caller's clients, or the one that `client_id` names: narrow by `call.client_ids`
    USER = (
        auto()
    )  # the client of the user that `user_id` in the path names; 404 when there is no such user
    NONE = auto()  # nobody's data in particular


@dataclass(frozen=True)
class Pages:
    """How HTML routes differ: where their token is, what else a write must show, and what a refusal looks like.

    `read_token` gives the token of a request or None (a cookie). `check_write` raises HTTPException(403) for a write
    without its CSRF token; it gets the request, whose body has been read, and the `jti`. `refuse` turns a status and a
    message into a page or a redirect to the log-in form.
    """

    read_token: Callable[[Request], str | None]
    check_write: Callable[[Request, str], Awaitable[None]]
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


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What every call may use."""

    settings: Settings
    lanes: Lanes
    cache: Cache
    upstreams: Upstreams
    memory: Memory = field(default_factory=Memory)
    writes_per_minute: int = 300  # of one account


def parts_of(request: Request) -> Parts:
    """The parts of the app that this request came to."""
    parts: Parts = request.app.state.parts
    return parts


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a route's function works with besides its parameters.

    `client_id` is upper-case and the caller may see it; None when no client was named and the route spans several.
    """

    parts: Parts
    known_store: Store | None
    lane: Lane | None
    request: CheckedRequest
    now: datetime
    known_caller: Caller | None
    client_id: str | None

    @property
    def caller(self) -> Caller:
        """Who asks; only routes that are not PUBLIC have one."""
        if self.known_caller is None:
            raise RuntimeError("a public route has no caller")
        return self.known_caller

    @property
    def store(self) -> Store:
        """The database, on a connection of the route's lane."""
        if self.known_store is None:
            raise RuntimeError("a route without a lane has no database")
        return self.known_store

    def move_to(self, lane: Lane) -> None:
        """Go on in another lane: the function is called again there. Only a GET may, before it has done anything.

        So an answer that is kept, or that turns out to be small, does not stand in line with the large ones.
        """
        if self.lane is not lane:
            raise MovedError(lane)

    @property
    def settings(self) -> Settings:
        return self.parts.settings

    @property
    def cache(self) -> Cache:
        return self.parts.cache

    @property
    def one_client(self) -> str:
        """The client of a route that is about one (Client.NAMED or Client.USER)."""
        if self.client_id is None:
            raise RuntimeError("this route declared no one client")
        return self.client_id

    @property
    def client_ids(self) -> list[str] | None:
        """What to narrow a query by: the named client, else those of the caller; None for all."""
        if self.client_id is not None:
            return [self.client_id]
        ids = self.caller.client_ids
        return None if ids is None else sorted(ids)

    @property
    def jti(self) -> str:
        """The name of the session; empty on a public route."""
        return self.request.jti

    @property
    def body(self) -> bytes:
        """The request's body as it was sent."""
        return self.request.whole

    @property
    def address(self) -> str:
        """Where the request came from; uvicorn has read the header of a trusted proxy already."""
        return self.request.client.host if self.request.client else "unknown"
