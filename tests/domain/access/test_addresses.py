from __future__ import annotations

import pytest

from cicero_cli.domain.access.addresses import address_block, normalise_address


@pytest.mark.parametrize(
    ("sent", "address", "block"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.1"),
        ("2001:DB8:0:0::1", "2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1"),
        ("fe80::1%\x1b[2J", "fe80::1", "fe80::/64"),
        ("", "unknown", "unknown"),
        ("1" * 3000, "unknown", "unknown"),
        ("192.0.2.1\nroot", "unknown", "unknown"),
        ("testclient", "unknown", "unknown"),
    ],
)
def test_an_address_has_one_spelling_and_what_is_none_is_unknown(
    sent: str, address: str, block: str
) -> None:
    assert normalise_address(sent) == address
    assert address_block(address) == block
