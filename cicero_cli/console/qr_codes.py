"""A QR code in the terminal, two rows of it a line."""

from __future__ import annotations

from cicero_cli.core.qr_codes import qr_modules

_HALVES = {  # light is drawn: terminals are dark
    (False, False): "█",
    (False, True): "▀",
    (True, False): "▄",
    (True, True): " ",
}


def draw_qr(value: str) -> str:
    """The code of `value` in blocks, with the light border that a phone needs."""
    rows = qr_modules(value, border=2)
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    return "".join(
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) + "\n"
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
