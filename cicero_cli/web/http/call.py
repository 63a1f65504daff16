"""What a route's function works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from cicero_cli.core import clock
from cicero_cli.core.settings import Settings
from cicero_cli.domain.access.accounts import Caller
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.access.addresses import normalise_address
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.client_spans import Choice
from cicero_cli.web.http.cache import Cache
from cicero_cli.web.http.checked_request import CheckedRequest
from cicero_cli.web.http.kept_answers import KeptAnswers
from cicero_cli.web.http.lanes import Lane, Lanes
from cicero_cli.web.http.upstreams import Upstreams


class MovedError(Exception):
    """The function wants to go on in another lane; guard.py calls it again there."""

    def __init__(self, lane: Lane) -> None:
        super().__init__(lane.name)
        self.lane = lane


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What every call may use."""

    settings: Settings
    lanes: Lanes
    cache: Cache
    kept_answers: KeptAnswers
    upstreams: Upstreams
    writes_per_minute: int = 300  # of one account
    clock: Callable[[], datetime] = clock.now

    def close(self) -> None:
        """Give every connection and thread back; what runs is finished first."""
        self.lanes.close()
        self.cache.close()
        self.upstreams.close()


def parts_of(request: Request) -> Parts:
    """The parts of the app that this request came to."""
    parts: Parts = request.app.state.parts
    return parts


def sender(request: Request) -> str:
    """Where a request came from; uvicorn has read the header of a trusted proxy already."""
    return normalise_address(request.client.host if request.client else "")


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a route's function works with besides its parameters.

    `client_id` is upper-case and the caller may see it; None when no client was named and the route spans several.
    `choice` is that client, else the token's (which the caller may have lost), as it was when the caller was looked up.
    """

    parts: Parts
    known_store: Store | None
    lane: Lane | None
    request: CheckedRequest
    now: datetime
    known_caller: Caller | None = None
    client_id: str | None = None
    choice: Choice | None = None

    @property
    def caller(self) -> Caller:
        """Who asks; only routes that are not PUBLIC have one."""
        if self.known_caller is None:
            raise RuntimeError("a public route has no caller")
        return self.known_caller

    @property
    def actor(self) -> Actor:
        """The caller as the services write it into the audit log."""
        return Actor(self.caller.username, self.now, self.address, self.caller.client_ids)

    @property
    def store(self) -> Store:
        """The database, on a connection of the route's lane."""
        if self.known_store is None:
            raise RuntimeError("a route without a lane has no database")
        return self.known_store

    def move_to(self, lane: Lane) -> None:
        """Go on in another lane: the function is called again there. Only before it has done anything.

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
    def zone(self) -> ZoneInfo:
        """The time zone of the client that is named, else of the token's."""
        return HOME_ZONE if self.choice is None else ZoneInfo(self.choice.timezone)

    @property
    def client_ids(self) -> list[str] | None:
        """What to narrow a query by: the named client, else those of the caller; None for all."""
        return self.visible_ids if self.client_id is None else [self.client_id]

    @property
    def visible_ids(self) -> list[str] | None:
        """The caller's clients; None for all."""
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
        """Where the request came from."""
        return sender(self.request)
