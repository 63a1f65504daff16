"""What came from outside, for a terminal: nothing in it moves the cursor, changes a title or turns the writing round."""

from __future__ import annotations

import re

# all control characters but the tab and the new line; half characters; what turns the writing round or begins another line
_OBEYED = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_HARMFUL = re.compile(f"[{_OBEYED}\ud800-\udfff]")
_HARMFUL_IN_JSON = re.compile(f"[{_OBEYED}]")


def harmless(text: str) -> str:
    """The text as it may be shown, on as many lines as before."""
    return _HARMFUL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def harmless_json(text: str) -> str:
    """JSON that says the same and shows nothing that a terminal would obey."""
    return _HARMFUL_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
