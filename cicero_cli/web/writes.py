"""The same write twice within five minutes is done once, and nobody writes without end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from cicero_cli.web.access import Access
from cicero_cli.web.call import Call

DUPLICATE_SECONDS = 300


def write_once(call: Call, access: Access, write: Callable[[], Response]) -> Response:
    """Do it; 429 when the same caller did the same within five minutes and it went well, or wrote too much."""
    if call.known_caller is not None:
        count = call.cache.count(f"writes:{call.caller.username}", seconds=60)
        if count > call.parts.writes_per_minute:
            raise HTTPException(429, headers={"Retry-After": "60"})
    if access.repeatable or call.settings.allow_duplicate_requests:
        return write()
    key, body_hash = _fingerprint(call)
    if not call.store.writes.claim(key, body_hash, seconds=DUPLICATE_SECONDS, now=call.now):
        raise HTTPException(429, "Permintaan yang sama baru saja dikirim.")
    done = False
    try:
        response = write()
        done = response.status_code < 400  # noqa: PLR2004 - what HTTP calls an error
        return response
    finally:
        if not done:
            call.store.writes.release(key)


def _fingerprint(call: Call) -> tuple[str, str]:
    """A POST is remembered with its body; another method remembers the last body of its path, so A, B, A is three."""
    document = call.request.document
    body = call.body if document is None else msgspec.json.encode(document, order="sorted")
    body_hash = hashlib.sha256(body).hexdigest()
    who = call.known_caller.username if call.known_caller else call.address
    url = call.request.url
    words = [who, call.request.method, url.path, url.query]
    if call.request.method == "POST":
        words.append(body_hash)
    return hashlib.sha256("\n".join(words).encode()).hexdigest(), body_hash
