"""What a gateway was seen to do with a message instead of sending it and saying so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

PAGE = b"<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"


class FaultKind(StrEnum):
    """What goes wrong with a send."""

    SERVER_ERROR = "server_error"  # 500; WAHA's echoes the whole request
    HTML = "html"  # a page with status 200
    NO_ID = "no_id"  # a success that names no message
    LOST = "lost"  # an id, and nothing ever arrives
    CUT = "cut"  # the connection ends without an answer
    DRIP = "drip"  # the right answer, a byte at a time, for ever
    ENDLESS = "endless"  # an answer without an end
    SLOW = "slow"  # the right answer, `seconds` late
    ANSWER = "answer"  # `status`, `body` and `headers`


_TAKEN = frozenset({FaultKind.NO_ID, FaultKind.SLOW, FaultKind.DRIP, FaultKind.ENDLESS})


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong: with the `first` send (to `recipient`), and every `every`th after it, `times` in all.

    `is_taken` says whether the message arrives all the same; left open, a late answer and one without an id mean yes.
    """

    kind: FaultKind
    path: str | None = None  # instead of sends: any request whose path ends so
    recipient: str | None = None
    first: int = 1
    every: int = 1
    times: int | None = None
    seconds: float = 45.0
    status: int = 502
    body: Any = PAGE
    headers: Mapping[str, str] = field(default_factory=dict)
    is_taken: bool | None = None
    _seen: int = field(default=0, init=False)

    @property
    def takes(self) -> bool:
        return self.kind in _TAKEN if self.is_taken is None else self.is_taken

    def strikes(self, recipient: str | None, path: str) -> bool:
        """Count one send, or a request (no recipient) to the fault's path; whether it is one that goes wrong."""
        if (recipient is None) is (self.path is None) or not path.endswith(self.path or ""):
            return False
        if self.recipient not in {None, recipient}:
            return False
        self._seen += 1
        strike, rest = divmod(self._seen - self.first, self.every)
        return strike >= 0 and rest == 0 and (self.times is None or strike < self.times)
