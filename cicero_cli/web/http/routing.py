"""How a noun declares its routes. A route exists only through `GuardedRouter`, which demands `role=` and `client=`.

`check_routes` refuses to start an app that has any other.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.web.http.answers import Plain, Refusal
from cicero_cli.web.http.checked_request import CheckedRequest
from cicero_cli.web.http.guard import Function, GuardedRoute, run_guarded
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import (
    PUBLIC,
    PUBLIC_ROUTES,
    SAFE_METHODS,
    VIEWER_WRITES,
    Access,
    Client,
    Pages,
)
from cicero_cli.web.http.query_parameters import QueryReader, query_reader

Responses = dict[int | str, dict[str, Any]]

_BODY_LIMIT = 1_000_000  # bytes
_MEANINGS = {
    400: "Something in the request is not what was expected; `message` says what",
    401: "No token, or a bad one",
    403: "The account may not do this, or not for this client",
    404: "There is no such thing",
    413: "The body is too large",
    429: "The same was just sent, or too much was",
    503: "Busy, or the database is away; try again",
}


class GuardedRouter:
    """A noun's routes. Its decorators take a plain function: `call: Call` first, then FastAPI's parameters.

    The function runs in a thread of `lane`, after everything was checked, and gives `answer(…)`. With `lane=None` a
    public one runs at once, without a database, and may wait for nothing.
    """

    def __init__(self, *, prefix: str = "", tag: str, pages: Pages | None = None) -> None:
        """`pages`: the token comes from a cookie, a refusal may be a page, and the document shows none of them."""
        self.routes: list[GuardedRoute] = []
        self.prefix = prefix
        self._tag = tag
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
        lane: Lane = Lane.WRITE,
        schema: Any = Plain,
        responses: Responses | None = None,
        repeatable: bool = False,
        body_limit: int = _BODY_LIMIT,
        is_signed: bool = False,
        show_unsigned: Function | None = None,
    ) -> Callable[[Function], Function]:
        """Anything but a GET. `repeatable`: the same one twice within five minutes is fine, as every form is. `body_limit`: in
        bytes. `is_signed`: the body stays bytes until the function has checked their signature.

        `show_unsigned`: the page of a form whose CSRF token is not good, with the same parameters; it writes nothing.
        """
        access = Access(
            role=role,
            client=client,
            lane=lane,
            pages=self._pages,
            repeatable=repeatable or self._pages is not None,
            body_limit=body_limit,
            is_signed=is_signed,
            show_unsigned=show_unsigned,
        )
        return self._register(method, path, access, schema=schema, responses=responses)

    def _register(
        self,
        method: str,
        path: str,
        access: Access,
        *,
        schema: Any,
        responses: Responses | None,
        in_schema: bool = True,
    ) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            summary, _, description = (inspect.getdoc(function) or "").partition("\n")
            if not summary:
                raise TypeError(
                    f"{function.__name__} needs a docstring: it begins the route's entry"
                )
            endpoint, parameters = _endpoint(function, self.prefix + path, access)
            route = GuardedRoute(
                self.prefix + path,
                endpoint,
                access=access,
                methods=[method],
                tags=[self._tag],
                response_model=schema,
                responses={**_documented(method, path, access), **(responses or {})},
                summary=summary.rstrip("."),
                description=description.strip(),
                include_in_schema=in_schema and access.pages is None,
                openapi_extra={
                    **({} if access.role is PUBLIC else {"security": [{"token": []}]}),
                    **({"parameters": parameters} if parameters else {}),
                },
            )
            self.routes.append(route)
            return function

        return register


def check_routes(app: FastAPI) -> list[GuardedRoute]:
    """Every guarded route of the app; RuntimeError for one that nobody guards or that lets in more than it may."""
    guarded: list[GuardedRoute] = []
    for route in app.routes:
        if getattr(route, "path", "") == app.openapi_url:
            continue
        if not isinstance(route, GuardedRoute):
            raise RuntimeError(f"{route!r} is not guarded: make it with GuardedRouter")  # noqa: TRY004 - not an argument
        for method in route.methods or ():
            _check_route(route, method)
        guarded.append(route)
    return guarded


def _check_route(route: GuardedRoute, method: str) -> None:
    access, name = route.access, f"{method} {route.path}"
    if access.role is None:
        if name not in PUBLIC_ROUTES:
            raise RuntimeError(f"{name} is public and not in PUBLIC_ROUTES")
    elif access.role < Role.OPERATOR and method not in SAFE_METHODS and name not in VIEWER_WRITES:
        raise RuntimeError(f"{name} lets viewers write and is not in VIEWER_WRITES")
    if access.lane is None and access.role is not PUBLIC:
        raise RuntimeError(f"{name} has no lane, so nobody could look who calls")
    if access.client is Client.USER and "{user_id}" not in route.path:
        raise RuntimeError(f"{name} names no user_id in its path")


def _endpoint(
    function: Function, path: str, access: Access
) -> tuple[Callable[..., Awaitable[Response]], list[dict[str, Any]]]:
    """What FastAPI sees: the function's own parameters, and the request; and what the document shows beside them."""
    signature = inspect.signature(function, eval_str=True)
    first, *own = signature.parameters.values()
    if first.name != "call" or inspect.iscoroutinefunction(function):
        raise TypeError(f"{function.__name__}: expected a plain function that begins with `call`")
    readers: dict[str, QueryReader] = {
        parameter.name: reader
        for parameter in own
        if (reader := query_reader(parameter)) is not None
    }

    @functools.wraps(function)
    async def endpoint(request: CheckedRequest, **parameters: Any) -> Response:
        return await run_guarded(function, access, request, readers, parameters)

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
    unseen = sorted(set(re.findall(r"{(\w+)}", path)) - signature.parameters.keys())
    return endpoint, [
        *(field for reader in readers.values() for field in reader.parameters),
        *(
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in unseen  # the guard has read it: call.one_client
        ),
    ]


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
