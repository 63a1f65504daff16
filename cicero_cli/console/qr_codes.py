"""A QR code in the terminal, two rows of it a line."""

from __future__ import annotations

_HALVES = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}  # light is drawn: terminals are dark


def draw_qr(value: str) -> str:
    """The code of `value` in blocks, with the light border that a phone needs."""
    import segno  # here, because only the set-up pays for it

    code = segno.make(value, error="l", micro=False)
    rows = [[int(bool(module)) for module in row] for row in code.matrix_iter(border=2)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    return "".join(
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) + "\n"
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
