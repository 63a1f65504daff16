"""Pictures from the platforms' own image hosts, and from nowhere else.

An address comes from an upstream's answer, so it is trusted with nothing: https only, hosts of a list, every address that
the name has must be a public one, and the connection goes to the very address that was checked. Redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import urllib3

from cicero_cli.core import clock
from cicero_cli.errors import RejectedError, UpstreamError
from cicero_cli.gateways.limits import TooLargeError, read_whole, within

IMAGE_KINDS = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"})
_MOST_BYTES = 5_000_000
_LONGEST_SECONDS = 10.0
_WAIT_SECONDS = 4.0  # to connect, and between two pieces
_LONGEST_ADDRESS = 4000
_OPEN_INTERNET = ipaddress.IPv6Network("2000::/3")

Resolve = Callable[[str], Sequence[str]]
Open = Callable[[str, str], urllib3.HTTPConnectionPool]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture and what it is."""

    content: bytes
    kind: str


def resolve(host: str) -> list[str]:
    """Every address of a name; UpstreamError when it has none."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UpstreamError("no address is known of {host}", host=host) from error
    return [str(where[0]) for *_, where in found]


def is_public(text: str) -> bool:
    """Whether an address is of the open internet, and holds no other address inside that may not be."""
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    is_tunnel = address.sixtofour is not None or address.teredo is not None
    return address in _OPEN_INTERNET and address.is_global and not is_tunnel


def open_https(host: str, address: str) -> urllib3.HTTPConnectionPool:
    """A connection to this address whose certificate must be of this host."""
    return urllib3.HTTPSConnectionPool(
        address, 443, maxsize=1, server_hostname=host, assert_hostname=host
    )


class ImageSource:
    """Reads pictures from `hosts` and the hosts below them. May be used by several threads at once."""

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        resolve: Resolve = resolve,
        open_connection: Open = open_https,
        is_public: Callable[[str], bool] = is_public,
        monotonic: Callable[[], float] = clock.monotonic,
        most_bytes: int = _MOST_BYTES,
        longest_seconds: float = _LONGEST_SECONDS,
    ) -> None:
        self._hosts = tuple(hosts)
        self._resolve = resolve
        self._open = open_connection
        self._is_public = is_public
        self._monotonic = monotonic
        self._most_bytes = most_bytes
        self._longest_seconds = longest_seconds

    def is_allowed(self, url: str) -> bool:
        """Whether an address may be asked at all, as far as it tells itself."""
        try:
            self._split(url)
        except RejectedError:
            return False
        return True

    def read(self, url: str) -> Image:
        """The picture at this address; RejectedError for what may not be asked, UpstreamError for what is no picture."""
        host, path = self._split(url)
        try:
            return within(self._longest_seconds, lambda: self._fetch(host, path))
        except TimeoutError as error:
            raise UpstreamError("a picture of {host} takes too long", host=host) from error

    def _fetch(self, host: str, path: str) -> Image:
        addresses = self._resolve(host)
        if not addresses or not all(map(self._is_public, addresses)):
            raise RejectedError("{host} is no public host", host=host)
        timeout = urllib3.Timeout(connect=_WAIT_SECONDS, read=_WAIT_SECONDS)
        try:
            with (
                self._open(host, addresses[0]) as pool,
                pool.urlopen(
                    "GET",
                    path,
                    headers={"Host": host, "Accept": "image/*", "Accept-Encoding": "identity"},
                    redirect=False,
                    retries=False,
                    timeout=timeout,
                    assert_same_host=False,
                    preload_content=False,
                    decode_content=False,
                ) as response,
            ):
                return self._take(host, response)
        except urllib3.exceptions.HTTPError as error:
            raise UpstreamError(
                "no picture came from {host}: {kind}", host=host, kind=type(error).__name__
            ) from error

    def _split(self, url: str) -> tuple[str, str]:
        """Host and path; RejectedError for an address that may not be asked."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            host, port = "", None
        if (
            len(url) > _LONGEST_ADDRESS
            or not url.isascii()
            or not url.isprintable()
            or " " in url
            or not host
            or parts.scheme != "https"
            or parts.username is not None
            or port not in {None, 443}
            or not any(host == known or host.endswith(f".{known}") for known in self._hosts)
        ):
            raise RejectedError("this address is not of an image host that is asked")
        return host, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def _take(self, host: str, response: urllib3.BaseHTTPResponse) -> Image:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        packed = response.headers.get("content-encoding", "identity").lower()
        if response.status != HTTPStatus.OK or kind not in IMAGE_KINDS or packed != "identity":
            raise UpstreamError(
                "no picture came from {host}: {status} {kind}",
                host=host,
                status=response.status,
                kind=kind[:40],
            )
        try:
            content = read_whole(
                response.read1,
                most_bytes=self._most_bytes,
                ends_at=self._monotonic() + self._longest_seconds,
                monotonic=self._monotonic,
            )
        except TooLargeError as error:
            raise UpstreamError("a picture of {host} is too large", host=host) from error
        expected = response.headers.get("content-length", "")
        if not content or (expected.isdecimal() and int(expected) != len(content)):
            raise UpstreamError("a picture of {host} broke off", host=host)
        return Image(content, kind)
