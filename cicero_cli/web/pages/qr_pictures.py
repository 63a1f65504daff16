"""The QR code that links the WhatsApp account, in the page itself: nothing is asked of any other address."""

from __future__ import annotations

import base64

from markupsafe import Markup

from cicero_cli.core.qr_codes import qr_modules

_BORDER = 4  # modules, as the standard wants it
_LABEL = "Kode QR untuk menautkan WhatsApp"


def qr_svg(value: str) -> Markup:
    """The code of a text as shapes: dark on light whatever the page's colours are, for phones read no other."""
    rows = qr_modules(value, border=_BORDER)
    dark = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}" shape-rendering="crispEdges">'
        '<rect class="qr-light" width="{size}" height="{size}"/><path class="qr-dark" d="{dark}"/></svg>'
    ).format(size=len(rows), label=_LABEL, dark=dark)


def qr_picture(png: bytes) -> Markup:
    """A code that the gateway has drawn itself."""
    return Markup('<img class="qr" alt="{label}" src="data:image/png;base64,{data}">').format(
        label=_LABEL, data=base64.b64encode(png).decode("ascii")
    )
