"""Who changes something: what the audit log says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

UNKNOWN_NAME = "(unknown name)"
"""As the log calls who gave a name that there is not: what is typed there may be a password."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A username (or `cli:` and the machine's user), the moment, and the address if it came over the network.

    `client_ids` are the clients that the actor may see, None for all.
    """

    name: str
    at: datetime
    address: str | None = None
    client_ids: frozenset[str] | None = None

    def may_see(self, client_id: str) -> bool:
        """Whether this client (upper-case) may be named in what the actor is told."""
        return self.client_ids is None or client_id in self.client_ids
