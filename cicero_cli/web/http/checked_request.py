"""Reading a request as far as the gate needs it: its body within a limit, strict JSON, its token, the clients it names."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import parse_qs

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

T = TypeVar("T")

_SOON_DONE = 16_384  # bytes


class CheckedRequest(Request):
    """A request whose body has been read within its limit, and whose JSON is strict."""

    jti: str = ""
    is_unsigned: bool = False
    whole: bytes = b""
    document: Any = None

    async def body(self) -> bytes:
        return self.whole

    async def json(self) -> Any:
        return self.document


async def read_body(request: CheckedRequest, limit: int, *, decode: bool = True) -> None:
    """Read it whole; 413 when it is longer than `limit`, 400 when it says that it is JSON and is none."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > limit:
        raise HTTPException(413)
    chunks, size = [], 0
    async for chunk in Request.stream(request):
        size += len(chunk)
        if size > limit:
            raise HTTPException(413)
        chunks.append(chunk)
    request.whole = b"".join(chunks)
    if decode and request.whole and _is_json(request):
        try:
            request.document = await off_loop_if_large(
                request.whole, lambda: msgspec.json.decode(request.whole)
            )
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise HTTPException(400, "Isi permintaan bukan JSON.") from error


async def off_loop_if_large(body: bytes, work: Callable[[], T]) -> T:
    """Work on a body: in a thread when that takes so long that every other request would wait."""
    return work() if len(body) <= _SOON_DONE else await asyncio.to_thread(work)


def bearer_token(request: Request) -> str | None:
    """The token of the Authorization header, None when there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def named_clients(request: CheckedRequest) -> list[str]:
    """Every client that the request names, wherever it does, upper-case; the path's first."""
    found = [text.strip().upper() for text in _client_words(request) if isinstance(text, str)]
    return [client_id for client_id in dict.fromkeys(found) if client_id]


def _client_words(request: CheckedRequest) -> Iterator[Any]:
    yield request.path_params.get("client_id")
    yield from request.query_params.getlist("client_id")
    if isinstance(request.document, dict):
        yield request.document.get("client_id")
    elif request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        yield from parse_qs(request.whole.decode("utf-8", "replace")).get("client_id", [])


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
