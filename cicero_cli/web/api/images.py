"""Thumbnails that always load: the platforms' pictures passed on under signed addresses, or a placeholder.

The platforms' addresses expire and refuse to be shown on other sites. An `<img>` sends no token, so the routes are public;
only addresses that this server has signed are asked, so it is no open proxy.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import struct
import zlib
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Response
from starlette.exceptions import HTTPException
from starlette.requests import Request

from cicero_cli.core.setting_values import Secret
from cicero_cli.errors import UpstreamError
from cicero_cli.gateways.upstream.images import IMAGE_KINDS, Image
from cicero_cli.web.http.answers import Refusal
from cicero_cli.web.http.call import Call, parts_of
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import PUBLIC, Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/api/images", tag="images")

log = logging.getLogger(__name__)

_DAY = 86_400
_KEPT_BYTES = 500_000
_FAILED_SECONDS = 60  # a picture that did not come is asked for again after so long
_NO_PICTURE = b"\n"
_KINDS = {kind.encode(): kind for kind in IMAGE_KINDS}
_PICTURES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The picture, or the placeholder",
        "content": {kind: {} for kind in sorted(IMAGE_KINDS)},
    }
}


def image_url(call: Call, url: str | None) -> str:
    """Where a browser gets this picture; the placeholder's address when there is none that may be asked."""
    base = call.settings.public_url or str(call.request.base_url).rstrip("/")
    if url is None or not call.parts.upstreams.images.is_allowed(url):
        return f"{base}{router.prefix}/placeholder"
    signature = _sign(url, call.settings.require_jwt_secret())
    return f"{base}{router.prefix}?{urlencode({'url': url, 'sig': signature})}"


async def signed_url(
    request: Request,
    url: Annotated[str, Query(max_length=4000, description="the picture's own address")] = "",
    sig: Annotated[str, Query(max_length=200, description="the server's signature")] = "",
) -> str:
    """An address that this server has signed; 403 for any other, before a thread or a connection is taken."""
    key = parts_of(request).settings.require_jwt_secret()
    if not hmac.compare_digest(_sign(url, key).encode(), sig.encode()):
        raise HTTPException(403)
    return url


@router.read(
    "",
    role=PUBLIC,
    client=Client.NONE,
    schema=None,
    responses={**_PICTURES, 403: {"model": Refusal, "description": "The signature is not ours"}},
)
def picture(call: Call, url: Annotated[str, Depends(signed_url)]) -> Response:
    """Pass a picture of a platform on; what cannot be had is the placeholder."""
    key = f"image:{hashlib.sha256(url.encode()).hexdigest()}"
    kept = call.cache.get(key)
    if kept == _NO_PICTURE:
        return _show(None)
    if kept is not None:
        kind, _, content = kept.partition(b"\n")
        if kind in _KINDS and content:  # else it is not what we kept
            return _show(Image(content, _KINDS[kind]))
    call.move_to(Lane.UPSTREAM)
    try:
        image = call.parts.upstreams.images.read(url)
    except UpstreamError as error:  # RejectedError too: a host whose address is no public one
        log.info("placeholder: %s", error)
        call.cache.set(key, _NO_PICTURE, seconds=_FAILED_SECONDS)
        return _show(None)
    if len(image.content) <= _KEPT_BYTES:
        call.cache.set(key, image.kind.encode() + b"\n" + image.content, seconds=_DAY)
    return _show(image)


@router.read(
    "/placeholder", role=PUBLIC, client=Client.NONE, lane=None, schema=None, responses=_PICTURES
)
def placeholder(call: Call) -> Response:
    """Show that there is no picture."""
    return _respond(_PLACEHOLDER, seconds=_DAY)


def _sign(url: str, key: Secret) -> str:
    """The word in front keeps a token's signature from ever being a picture's."""
    return hmac.new(
        key.reveal().encode(), b"cicero image\n" + url.encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()


def _show(image: Image | None) -> Response:
    if image is None:
        return _respond(_PLACEHOLDER, seconds=_FAILED_SECONDS)
    return _respond(image, seconds=_DAY)


def _respond(image: Image, *, seconds: int) -> Response:
    return Response(
        image.content,
        media_type=image.kind,
        headers={
            "Cache-Control": f"public, max-age={seconds}",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


def _draw_placeholder() -> bytes:
    """A PNG of two greys, 96 by 96: a sun above two hills."""
    side, ground = 96, 74

    def is_dark(x: int, y: int) -> bool:
        is_sun = (x - 66) ** 2 + (y - 32) ** 2 < 8**2
        is_hill = y < ground and (y - 40 > abs(x - 38) or y - 52 > abs(x - 64))
        return is_sun or is_hill

    rows = b"".join(b"\x00" + bytes(is_dark(x, y) for x in range(side)) for y in range(side))

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 3, 0, 0, 0))
        + chunk(b"PLTE", bytes.fromhex("e5e7eb9ca3af"))
        + chunk(b"IDAT", zlib.compress(rows, 9))
        + chunk(b"IEND", b"")
    )


_PLACEHOLDER = Image(_draw_placeholder(), "image/png")
