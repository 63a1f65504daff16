"""Characters that nobody sees and the many dashes, as they come along when text is copied from a chat or a web page."""

from __future__ import annotations

_UNSEEN = dict.fromkeys(
    map(
        ord,
        "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
        "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff",
    )
)
_DASHES = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-"
)


def without_unseen(text: str) -> str:
    """The text without characters that show nothing and turn nothing; spaces of every kind stay."""
    return text if text.isascii() else text.translate(_UNSEEN)


def with_plain_dashes(text: str) -> str:
    """Every kind of dash as `-`."""
    return text if text.isascii() else text.translate(_DASHES)
