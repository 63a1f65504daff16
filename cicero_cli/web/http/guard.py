"""The one way into a route: who asks, whether they may, whose data it is; then the function, in a thread.

Whatever a route declares, a `client_id` in the path, the query or the body that the caller may not see is a 403. 401 comes
before 403, 403 before 404, and that before 400. A user of such a client is a 404, as one that there is not.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from cicero_cli.domain.access.accounts import Caller
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.client_spans import Choice
from cicero_cli.web.http.call import Call, MovedError, parts_of, sender
from cicero_cli.web.http.checked_request import (
    CheckedRequest,
    bearer_token,
    named_clients,
    read_body,
)
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import (
    PUBLIC,
    SAFE_METHODS,
    Access,
    Client,
    Pages,
    UnsignedFormError,
)
from cicero_cli.web.http.query_parameters import QueryReader
from cicero_cli.web.http.refusals import refuse
from cicero_cli.web.http.repeated_writes import write_once
from cicero_cli.web.http.tokens import BadTokenError, NoTokenError, read_token

log = logging.getLogger(__name__)

_TOLD = frozenset({401, 403, 413, 429})  # in the log: what somebody who tries doors is told
Function = Callable[..., Response]


class GuardedRoute(APIRoute):
    """A route that reads the token and the body before anything else; made by routing.GuardedRouter."""

    def __init__(self, path: str, endpoint: Callable[..., Any], *, access: Access, **options: Any):
        self.access = access
        self._beginning = path.partition("{")[0]
        super().__init__(path, endpoint, **options)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As FastAPI's, which for a hundred routes costs as much as an answer; most are ruled out by how they begin."""
        if not scope["path"].startswith(self._beginning):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()
        access, pages = self.access, self.access.pages

        async def guarded(original: Request) -> Response:
            request = CheckedRequest(original.scope, original.receive)
            unsigned: UnsignedFormError | None = None
            try:
                request.jti = "" if access.role is PUBLIC else _read_jti(request, pages)
                if request.method not in SAFE_METHODS:
                    await read_body(request, access.body_limit, decode=not access.is_signed)
                    if pages is not None:
                        try:
                            await pages.check_write(request, request.jti)
                        except UnsignedFormError as error:
                            if access.show_unsigned is None:
                                raise
                            unsigned, request.is_unsigned = error, True
                return await _handle(handle, request, access)
            except Exception as error:  # noqa: BLE001 - the one place where a bug becomes an answer
                where = f"{request.method} {self.path}"
                refused = refuse(unsigned or error, where=where)
                if refused.status in _TOLD and not isinstance(error, NoTokenError):
                    log.warning(
                        "refused %s with %d from=%s", where, refused.status, sender(request)
                    )
                if pages is not None:
                    return pages.refuse(request, refused.status, refused.message)
                return refused.response()

        return guarded


async def run_guarded(
    function: Function,
    access: Access,
    request: CheckedRequest,
    readers: dict[str, QueryReader],
    parameters: dict[str, Any],
) -> Response:
    """Look who calls, then call the function, both in one thread of the route's lane."""
    if request.is_unsigned:
        if access.show_unsigned is None:
            raise UnsignedFormError(403)
        function = access.show_unsigned
    parts = parts_of(request)
    parameters.update((name, reader.read(request)) for name, reader in readers.items())

    def call(store: Store | None, lane: Lane | None, passed: _Passed) -> Response:
        made = Call(
            parts=parts,
            request=request,
            now=parts.clock(),
            lane=lane,
            known_store=store,
            known_caller=passed.caller,
            client_id=passed.client_id,
            choice=passed.choice,
        )
        if request.method in SAFE_METHODS:
            return function(made, **parameters)
        return write_once(made, access, lambda: function(made, **parameters))

    first = access.lane
    if first is None:
        return call(None, None, _Passed())
    try:
        return await parts.lanes.run(
            first, lambda store: call(store, first, _pass(store, request, access)), request
        )
    except MovedError as moved:
        lane = moved.lane
    return await parts.lanes.run(
        lane, lambda store: call(store, lane, _pass(store, request, access)), request
    )


@dataclass(frozen=True, kw_only=True)
class _Passed:
    """What the guard found out."""

    caller: Caller | None = None
    client_id: str | None = None
    choice: Choice | None = None


async def _handle(
    handle: Callable[[Request], Awaitable[Response]], request: CheckedRequest, access: Access
) -> Response:
    """Parameters first, for that costs no database; but who may not ask hears so before what is wrong with them."""
    try:
        return await handle(request)
    except RequestValidationError:
        if access.role is not PUBLIC:
            lanes = parts_of(request).lanes
            await lanes.run(Lane.QUICK, lambda store: _pass(store, request, access), request)
        raise


def _read_jti(request: Request, pages: Pages | None) -> str:
    token = bearer_token(request) if pages is None else pages.read_token(request)
    if not token:
        raise NoTokenError
    parts = parts_of(request)
    return read_token(token, parts.settings.require_jwt_secret(), now=parts.clock())


def _pass(store: Store, request: CheckedRequest, access: Access) -> _Passed:
    """Find the caller and hold what was declared against it: 401, 403, 404, 400."""
    if access.role is None:  # PUBLIC
        return _Passed()
    parts, named = parts_of(request), named_clients(request)
    found = store.sessions.find(
        request.jti,
        client_id=named[0] if named else None,
        accepts_phone=parts.settings.legacy_phone_login,
        now=parts.clock(),
    )
    if found is None:
        raise BadTokenError
    caller, choice = found
    if caller.role < access.role or not all(map(caller.may_see, named)):
        raise HTTPException(403)
    client_id = _client_of(request, access, caller, named, store)
    return _Passed(caller=caller, client_id=client_id, choice=choice)


def _client_of(
    request: CheckedRequest, access: Access, caller: Caller, named: list[str], store: Store
) -> str | None:
    client_id = named[0] if named else None
    if access.client is Client.USER:
        user = store.users.get(request.path_params["user_id"])
        if user is None or not caller.may_see(user.client_id):
            raise HTTPException(404)  # the same for both: docs/adr/0013
        client_id = user.client_id
    elif access.client is Client.NAMED and client_id is None:
        client_id = caller.client_id
        if client_id is None:
            raise HTTPException(400, "client_id belum disebut.")
    if client_id is not None and not caller.may_see(client_id):
        raise HTTPException(403)
    return client_id
