"""The one way into a route: who asks, whether they may, whose data it is; then the function, in a thread.

A route exists only through `GuardedRouter`, which demands `role=` and `client=`; `check_routes` refuses to start an app
that has any other. Whatever a route declares, a `client_id` in the path, the query or the body that the caller may not
see is a 403.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from cicero_cli.core import clock
from cicero_cli.domain.accounts import Caller, Role
from cicero_cli.repositories.store import Store
from cicero_cli.web.access import (
    PUBLIC,
    PUBLIC_ROUTES,
    SAFE_METHODS,
    VIEWER_WRITES,
    Access,
    Call,
    Client,
    MovedError,
    Pages,
    Parts,
    parts_of,
)
from cicero_cli.web.answers import Plain, Refusal
from cicero_cli.web.gate import CheckedRequest, bearer_token, named_clients, read_body
from cicero_cli.web.lanes import Lane
from cicero_cli.web.queries import query_reader
from cicero_cli.web.refusals import refuse
from cicero_cli.web.tokens import BadTokenError, read_token
from cicero_cli.web.writes import write_once

Function = Callable[..., Response]
Responses = dict[int | str, dict[str, Any]]

_BODY_LIMIT = 1_000_000


class GuardedRouter(APIRouter):
    """A noun's routes. Its decorators take a plain function: `call: Call` first, then FastAPI's parameters.

    The function runs in a thread of `lane`, after everything was checked, and gives `answer(…)`. With `lane=None` a
    public one runs at once, without a database, and may wait for nothing.
    """

    def __init__(self, *, prefix: str = "", tag: str, pages: Pages | None = None) -> None:
        """`pages`: the token comes from a cookie and a refusal may be a page."""
        super().__init__(prefix=prefix, tags=[tag], route_class=_GuardedRoute)
        self._pages = pages

    def read(
        self,
        path: str,
        *,
        role: Role | None,
        client: Client,
        lane: Lane | None = Lane.QUICK,
        schema: Any = Plain,
        responses: Responses | None = None,
        in_schema: bool = True,
    ) -> Callable[[Function], Function]:
        """A GET; `schema` and `responses` are what the document shows."""
        access = Access(role=role, client=client, lane=lane, pages=self._pages)
        return self._register(
            "GET", path, access, schema=schema, responses=responses, in_schema=in_schema
        )

    def write(
        self,
        method: Literal["POST", "PUT", "PATCH", "DELETE"],
        path: str,
        *,
        role: Role | None,
        client: Client,
        lane: Lane | None = Lane.QUICK,
        schema: Any = Plain,
        responses: Responses | None = None,
        in_schema: bool = True,
        repeatable: bool = False,
        body_limit: int = _BODY_LIMIT,
    ) -> Callable[[Function], Function]:
        """Anything but a GET. `repeatable`: the same one twice within five minutes is fine."""
        access = Access(
            role=role,
            client=client,
            lane=lane,
            pages=self._pages,
            repeatable=repeatable,
            body_limit=body_limit,
        )
        return self._register(
            method, path, access, schema=schema, responses=responses, in_schema=in_schema
        )

    def _register(
        self,
        method: str,
        path: str,
        access: Access,
        *,
        schema: Any,
        responses: Responses | None,
        in_schema: bool,
    ) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            summary, _, description = (inspect.getdoc(function) or "").partition("\n")
            if not summary:
                raise TypeError(
                    f"{function.__name__} needs a docstring: it begins the route's entry"
                )
            endpoint, queries = _endpoint(function, access)
            endpoint.access = access  # type: ignore[attr-defined] # read by check_routes and _GuardedRoute
            self.add_api_route(
                path,
                endpoint,
                methods=[method],
                response_model=schema,
                responses={**_documented(method, path, access), **(responses or {})},
                summary=summary.rstrip("."),
                description=description.strip(),
                include_in_schema=in_schema,
                openapi_extra={
                    **({} if access.role is PUBLIC else {"security": [{"token": []}]}),
                    **({"parameters": queries} if queries else {}),
                },
            )
            return function

        return register


def check_routes(app: FastAPI) -> list[APIRoute]:
    """Every guarded route of the app; RuntimeError for one that nobody guards or that lets in more than it may."""
    guarded: list[APIRoute] = []
    for route in app.routes:
        if getattr(route, "path", "") == app.openapi_url:
            continue
        if not isinstance(route, _GuardedRoute):
            raise RuntimeError(f"{route!r} is not guarded: make it with GuardedRouter")  # noqa: TRY004 - not an argument
        for method in route.methods or ():
            _check_route(route, method)
        guarded.append(route)
    return guarded


def access_of(route: APIRoute) -> Access:
    """What a guarded route declared."""
    access: Access = route.endpoint.access  # type: ignore[attr-defined] # set by GuardedRouter
    return access


def _check_route(route: APIRoute, method: str) -> None:
    access, name = access_of(route), f"{method} {route.path}"
    if access.role is None:
        if name not in PUBLIC_ROUTES:
            raise RuntimeError(f"{name} is public and not in PUBLIC_ROUTES")
    elif access.role < Role.OPERATOR and method not in SAFE_METHODS and name not in VIEWER_WRITES:
        raise RuntimeError(f"{name} lets viewers write and is not in VIEWER_WRITES")
    if access.lane is None and access.role is not PUBLIC:
        raise RuntimeError(f"{name} has no lane, so nobody could look who calls")
    if access.client is Client.USER and "{user_id}" not in route.path:
        raise RuntimeError(f"{name} names no user_id in its path")


@dataclass(frozen=True, kw_only=True)
class _Passed:
    """What the gate found out."""

    caller: Caller | None = None
    client_id: str | None = None


class _GuardedRoute(APIRoute):
    """Reads the token and the body; 401 comes before 403, 403 before 404, and that before 400."""

    def __init__(self, path: str, *words: Any, **options: Any) -> None:
        super().__init__(path, *words, **options)
        self._beginning = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As FastAPI's, which for a hundred routes costs as much as an answer; most are ruled out by how they begin."""
        if not scope["path"].startswith(self._beginning):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Any]:
        handle = super().get_route_handler()
        access = access_of(self)
        pages = access.pages

        async def guarded(original: Request) -> Response:
            request = CheckedRequest(original.scope, original.receive)
            try:
                request.jti = "" if access.role is PUBLIC else _read_jti(request, pages)
                if request.method not in SAFE_METHODS:
                    await read_body(request, access.body_limit)
                    if pages is not None:
                        await pages.check_write(request, request.jti)
                response: Response = await _handle(handle, request, access)
            except Exception as error:  # noqa: BLE001 - the one place where a bug becomes an answer
                refused = refuse(error, where=f"{request.method} {self.path}")
                if pages is not None:
                    return pages.refuse(request, refused.status, refused.message)
                return refused.response()
            return response

        return guarded


async def _handle(
    handle: Callable[[Request], Awaitable[Response]], request: CheckedRequest, access: Access
) -> Response:
    """Parameters first, for that costs no database; but who may not ask hears so before what is wrong with them."""
    try:
        return await handle(request)
    except RequestValidationError:
        await parts_of(request).lanes.run(
            Lane.GATE, lambda store: _pass(store, request, access), request
        )
        raise


def _read_jti(request: Request, pages: Pages | None) -> str:
    token = bearer_token(request) if pages is None else pages.read_token(request)
    if not token:
        raise BadTokenError
    key = parts_of(request).settings.require_jwt_secret()
    return read_token(token, key, now=clock.now())


def _pass(store: Store, request: CheckedRequest, access: Access) -> _Passed:
    """Find the caller and hold what was declared against it: 401, 403, 404, 400."""
    if access.role is None:
        return _Passed()
    phones = parts_of(request).settings.legacy_phone_login
    caller = store.sessions.find(request.jti, phones=phones, now=clock.now())
    if caller is None:
        raise BadTokenError
    named = named_clients(request)
    if caller.role < access.role or not all(map(caller.may_see, named)):
        raise HTTPException(403)
    client_id = _client_of(request, access, caller, named, store)
    return _Passed(caller=caller, client_id=client_id)


def _client_of(
    request: CheckedRequest, access: Access, caller: Caller, named: list[str], store: Store
) -> str | None:
    client_id = named[0] if named else None
    if access.client is Client.USER:
        user = store.users.get(request.path_params["user_id"])
        if user is None:
            raise HTTPException(404)
        client_id = user.client_id
    elif access.client is Client.NAMED and client_id is None:
        client_id = caller.client_id
        if client_id is None:
            raise HTTPException(400, "client_id belum disebut.")
    if client_id is not None and not caller.may_see(client_id):
        raise HTTPException(403)
    return client_id


def _endpoint(
    function: Function, access: Access
) -> tuple[Callable[..., Awaitable[Response]], list[dict[str, Any]]]:
    """What FastAPI sees: the function's own parameters, and the request; and what the document shows beside them."""
    signature = inspect.signature(function, eval_str=True)
    first, *own = signature.parameters.values()
    if first.name != "call" or inspect.iscoroutinefunction(function):
        raise TypeError(f"{function.__name__}: expected a plain function that begins with `call`")
    readers = {
        parameter.name: reader
        for parameter in own
        if (reader := query_reader(parameter)) is not None
    }

    @functools.wraps(function)
    async def endpoint(request: CheckedRequest, **parameters: Any) -> Response:
        parts = parts_of(request)
        parameters.update((name, reader.read(request)) for name, reader in readers.items())

        def work(store: Store, lane: Lane) -> Response:
            passed = _pass(store, request, access)
            call = _call(parts, request, passed, store, lane)
            if request.method in SAFE_METHODS:
                return function(call, **parameters)
            return write_once(call, access, lambda: function(call, **parameters))

        first = access.lane
        if first is None:
            return function(_call(parts, request, _Passed(), None, None), **parameters)
        try:
            return await parts.lanes.run(first, lambda store: work(store, first), request)
        except MovedError as moved:
            lane = moved.lane
        return await parts.lanes.run(lane, lambda store: work(store, lane), request)

    seen = [
        inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request),
        *(
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in own
            if parameter.name not in readers
        ),
    ]
    endpoint.__signature__ = inspect.Signature(seen)  # type: ignore[attr-defined] # read by FastAPI
    endpoint.__annotations__ = {parameter.name: parameter.annotation for parameter in seen}
    return endpoint, [shown for reader in readers.values() for shown in reader.parameters]


def _call(
    parts: Parts,
    request: CheckedRequest,
    passed: _Passed,
    store: Store | None,
    lane: Lane | None,
) -> Call:
    return Call(
        parts=parts,
        known_store=store,
        lane=lane,
        request=request,
        now=clock.now(),
        known_caller=passed.caller,
        client_id=passed.client_id,
    )


def _documented(method: str, path: str, access: Access) -> Responses:
    statuses = {400, 503}
    if access.role is not PUBLIC:
        statuses |= {401, 403}
    if "{" in path or access.client is not Client.NONE:
        statuses |= {404}
    if method not in SAFE_METHODS:
        statuses |= {413, 429}
    return {
        status: {"model": Refusal, "description": _MEANINGS[status]} for status in sorted(statuses)
    }


_MEANINGS = {
    400: "Something in the request is not what was expected; `message` says what",
    401: "No token, or a bad one",
    403: "The account may not do this, or not for this client",
    404: "There is no such thing",
    413: "The body is too large",
    429: "The same was just sent, or too much was",
    503: "Busy, or the database is away; try again",
}
