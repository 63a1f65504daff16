"""The same write twice within five minutes is done once, and nobody writes without end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from cicero_cli.repositories.access.recent_writes import Write
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Access

REFUSED_FOR = timedelta(minutes=5)
_UNDER_WAY = timedelta(
    seconds=30
)  # longer than a write may take; a write whose worker dies may be sent again then


def write_once(call: Call, access: Access, write: Callable[[], Response]) -> Response:
    """Do it; 429 when the same caller did the same within five minutes and it went well, or wrote too much."""
    if call.known_caller is not None:
        count = call.cache.count(f"writes:{call.caller.username}", seconds=60)
        if count > call.parts.writes_per_minute:
            raise HTTPException(429, headers={"Retry-After": "60"})
    if access.repeatable or call.settings.allow_duplicate_requests:
        return write()
    written = _fingerprint(call)
    if not call.store.recent_writes.claim(written, until=call.now + _UNDER_WAY, now=call.now):
        raise HTTPException(429, "Permintaan yang sama baru saja dikirim.")
    done = False
    try:
        response = write()
        done = response.status_code < 400  # noqa: PLR2004 - what HTTP calls an error
        return response
    finally:
        if done:
            call.store.recent_writes.remember(written, until=call.now + REFUSED_FOR)
        else:
            call.store.recent_writes.release(written)


def _fingerprint(call: Call) -> Write:
    """A POST is remembered with its body. Of the other methods each path remembers the last body, by whomever: so A, B, A
    is three writes, also when B is another's.
    """
    document = call.request.document
    body = call.body if document is None else msgspec.json.encode(document, order="sorted")
    who = call.known_caller.username if call.known_caller else call.address
    what = hashlib.sha256(f"{who}\n".encode() + body).hexdigest()
    url = call.request.url
    words = [call.request.method, url.path, url.query]
    if call.request.method == "POST":
        words.append(what)
    return Write(hashlib.sha256("\n".join(words).encode()).hexdigest(), what)
