"""A QR code as rows of modules, for a terminal and for the page."""

from __future__ import annotations

LONGEST = 1000  # letters of a text to link an account by; three hundred are usual


def qr_modules(value: str, *, border: int) -> list[list[bool]]:
    """The code of `value`, True where it is dark, with a light border of so many modules; phones need some."""
    import segno  # here, because only the set-up pays for it

    code = segno.make(value, error="l", micro=False)
    return [[bool(module) for module in row] for row in code.matrix_iter(border=border)]
