"""How many connections one sender holds at once, in this process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from cicero_cli.domain.access.addresses import UNKNOWN, address_block, normalise_address

Network = IPv4Network | IPv6Network


class Peers:
    """Connections by where they come from; a proxy that is trusted with X-Forwarded-For brings everybody's and has no limit."""

    def __init__(self, *, most: int, proxies: Sequence[str]) -> None:
        self._most = most
        self._is_anybody_proxy = "*" in proxies
        self._proxies = [network for text in proxies if (network := _network(text)) is not None]
        self._open: Counter[str] = Counter()
        self._told: set[str] = set()

    def enter(self, address: str) -> str | None:
        """The name to leave under; None for one connection too many."""
        peer = address_block(normalise_address(address))
        if self._open[peer] >= self._most and not self._is_proxy(address):
            return None
        self._open[peer] += 1
        return peer

    def leave(self, peer: str) -> None:
        """One connection less."""
        self._open[peer] -= 1
        if self._open[peer] <= 0:
            del self._open[peer]
            self._told.discard(peer)

    def is_news(self, address: str) -> bool:
        """Whether this sender's being over the limit has not been said yet; not again until it has hung up."""
        peer = address_block(normalise_address(address))
        is_news = peer not in self._told
        self._told.add(peer)
        return is_news

    def _is_proxy(self, text: str) -> bool:
        address = normalise_address(text)
        if self._is_anybody_proxy or address == UNKNOWN:  # a Unix socket has no address: a proxy's
            return True
        return any(ip_address(address) in network for network in self._proxies)


def _network(text: str) -> Network | None:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None
