"""What the database refuses of one item, as an error of that item's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from cicero_cli.errors import UnstorableError


@contextmanager
def as_unstorable(what: str) -> Iterator[None]:
    """UnstorableError for a value that no column takes, or a client that was removed meanwhile."""
    try:
        yield
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        reason = error.diag.message_primary or str(error).splitlines()[0]
        raise UnstorableError(
            "{what} cannot be stored: {reason}", what=what, reason=reason
        ) from error
