"""Pictures of QR codes, as gowa draws them."""

from __future__ import annotations

from io import BytesIO


def draw_png(value: str) -> bytes:
    """A PNG of the code."""
    import segno  # here, because only who links an account pays for it

    picture = BytesIO()
    segno.make(value, micro=False).save(picture, kind="png", scale=8, border=4)
    return picture.getvalue()
