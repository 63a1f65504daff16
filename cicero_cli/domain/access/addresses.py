"""Where a request came from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"
_SUBSCRIBER = 64  # bits; who has one IPv6 address has all 2^64 that share them


def normalise_address(text: str) -> str:
    """The address in its one spelling; `unknown` for what is none, as a header that anybody may send can hold."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return UNKNOWN
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def address_block(address: str) -> str:
    """What counts as one address when guessing is slowed: an IPv4 address, or the network of an IPv6 subscriber."""
    if ":" not in address:
        return address
    return str(ip_network((address, _SUBSCRIBER), strict=False))
