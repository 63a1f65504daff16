"""What every answer carries, whatever its route: CORS for the dashboards, and headers that tell browsers to be careful."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cicero_cli.web.http.answers import refusal

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_HEADERS = (
    "Authorization",
    "Content-Type",
    "X-Client-Id",
    "X-Cicero-Token",
    "X-Cicero-Reposter-Token",
)
_CAREFUL = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
}


class Cors(CORSMiddleware):
    """Starlette's, except that a refused pre-flight has the shape of every other answer."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=_METHODS,
            allow_headers=_HEADERS,
            allow_credentials=True,
            expose_headers=("Content-Disposition", "Retry-After"),
            max_age=600,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code < 400:  # noqa: PLR2004 - what HTTP calls an error
            return response
        kept = {
            name: value
            for name, value in response.headers.items()
            if name.startswith("access-control-") or name == "vary"
        }
        return refusal(403, "Asal ini tidak ada di CORS_ORIGIN.", headers=kept)


class CarefulHeaders:
    """Adds what keeps a browser careful, unless the answer says something else itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_carefully(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                there = {name for name, _ in headers}
                headers += [pair for pair in _CAREFUL.items() if pair[0] not in there]
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_carefully)


class CommonMethods:
    """HEAD is answered as GET is, OPTIONS that are no pre-flight with the methods there are: no concern of a route's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"] if scope["type"] == "http" else ""
        if method == "OPTIONS":
            methods = ", ".join(("HEAD", "OPTIONS", *_METHODS))
            await Response(status_code=204, headers={"Allow": methods})(scope, receive, send)
            return
        if method == "HEAD":  # uvicorn keeps the body back by itself
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
