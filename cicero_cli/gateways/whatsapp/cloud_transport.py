"""What carries pywa's requests to Meta: each answer is read to its end here, within the limits of every gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import httpx

from cicero_cli.core import clock
from cicero_cli.gateways.limits import read_whole
from cicero_cli.gateways.whatsapp.http import MOST_BYTES


class LimitedTransport(httpx.HTTPTransport):
    """A connection for each request (see `Http`), and no answer without an end."""

    def __init__(self, *, longest_seconds: float) -> None:
        super().__init__(limits=httpx.Limits(max_keepalive_connections=0))
        self._longest_seconds = longest_seconds

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        ends_at = clock.monotonic() + self._longest_seconds
        response = super().handle_request(request)
        with closing(response):
            if response.headers.get("content-encoding", "identity") != "identity":
                raise httpx.RemoteProtocolError("packed, which was not asked for")
            pieces: Iterator[bytes] = response.iter_raw()
            body = read_whole(
                lambda _size: next(pieces, b""), most_bytes=MOST_BYTES, ends_at=ends_at
            )
        return httpx.Response(response.status_code, headers=response.headers, content=body)
