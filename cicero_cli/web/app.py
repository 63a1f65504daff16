"""The app of `cicero serve`: routers, headers, and the OpenAPI document. How to add a router: see web/__init__.py."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cicero_cli import __version__
from cicero_cli.core.settings import Settings, load_settings
from cicero_cli.web import pages
from cicero_cli.web.api import (
    aggregator,
    anev,
    auth,
    clients,
    complaints,
    dashboard,
    docs,
    health,
    images,
    posts,
    profiles,
    rapid,
    rekap,
    users,
    webhooks,
)
from cicero_cli.web.http.cache import Cache
from cicero_cli.web.http.call import Parts
from cicero_cli.web.http.headers import CarefulHeaders, CommonMethods, Cors
from cicero_cli.web.http.kept_answers import KeptAnswers
from cicero_cli.web.http.lanes import Lanes
from cicero_cli.web.http.refusals import refuse
from cicero_cli.web.http.routing import GuardedRouter, check_routes
from cicero_cli.web.http.upstreams import Upstreams
from cicero_cli.web.pages.refusal_page import refusal_page, wants_page

ROUTERS: tuple[GuardedRouter, ...] = (
    health.router,
    auth.router,
    webhooks.router,
    docs.router,
    clients.router,
    users.router,
    users.roles_router,
    dashboard.router,
    rekap.router,
    posts.router,
    profiles.router,
    rapid.router,
    aggregator.router,
    anev.router,
    complaints.router,
    images.router,
    *pages.ROUTERS,
)
"""Every noun's routes, in the order in which they are tried."""

_ABOUT = """Who has engaged with whose posts, for the dashboards.

Every answer is `{"success": …, "message"?: …, "data"?: …}`. 401 means that the token is bad and nothing else; 403 that the
account may not do it, or not for that client; 404 that there is no such thing,
or no such user among those that the account may see."""


def create_app(
    settings: Settings, *, routers: tuple[GuardedRouter, ...] = ROUTERS, **parts: Any
) -> FastAPI:
    """The app on the configured database, which must be current. SettingError (78) without JWT_SECRET.

    `parts` replaces fields of Parts, for tests.
    """
    settings.require_jwt_secret()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.parts = _make_parts(settings, parts)
        try:
            yield
        finally:
            app.state.parts.close()

    app = FastAPI(
        title="cicero",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        redoc_url=None,
        docs_url=None,
        redirect_slashes=False,
    )
    for router in routers:
        app.router.routes.extend(router.routes)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _refused)
    app.add_middleware(CommonMethods)
    app.add_middleware(Cors, origins=settings.cors_origin)
    app.add_middleware(CarefulHeaders)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign] # how FastAPI wants it replaced
    check_routes(app)
    return app


def _make_parts(settings: Settings, given: dict[str, Any]) -> Parts:
    cache = given.get("cache") or Cache(settings.redis_url)
    made = {
        "lanes": given.get("lanes") or Lanes(settings),
        "upstreams": given.get("upstreams") or Upstreams(settings),
        "kept_answers": KeptAnswers(cache),
    }
    return Parts(**{"settings": settings, "cache": cache, **made, **given})


def make_app() -> FastAPI:
    """The app as uvicorn's workers make it, each from the environment."""
    return create_app(load_settings(os.environ))


async def _refused(request: Request, error: Exception) -> Response:
    refused = refuse(error, where=f"{request.method} {request.url.path}")
    if wants_page(request):
        return refusal_page(request, refused.status, refused.message)
    return refused.response()


def _document(app: FastAPI) -> dict[str, Any]:
    """FastAPI's document, without the 422 that this API never answers, and with the token."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        components = document.setdefault("components", {})
        for name in ("HTTPValidationError", "ValidationError"):
            components.get("schemas", {}).pop(name, None)
        components["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
        app.openapi_schema = document
    return app.openapi_schema
