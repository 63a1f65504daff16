"""JSON whose texts hold what no text may."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole letter
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half of one
    rb"|\\."
)


def mend_letters(body: bytes) -> bytes:
    """The JSON with the halves of letters replaced, which no text may hold: a caption that was cut inside an emoji."""
    whole = body.decode(errors="replace").encode()
    return _ESCAPE.sub(lambda found: found[0] if found[1] is None else rb"\ufffd", whole)
