"""Files that messages have, by their content: the bytes stand once, whoever gets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import psycopg

from cicero_cli.domain.messaging.messages import NewMessage
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("attachments")


def keep_attachments(
    connection: psycopg.Connection, messages: Sequence[NewMessage], *, now: datetime
) -> list[str | None]:
    """Keep the files of these messages; gives what finds each one's again, None for a message without."""
    by_content: dict[bytes, str] = {}
    found: list[str | None] = []
    for message in messages:
        file = message.attachment
        if file is None:
            found.append(None)
            continue
        if file.content not in by_content:
            by_content[file.content] = sha256(file.content).hexdigest()
        found.append(by_content[file.content])
    if by_content:
        parameters = {
            "sha256s": [*by_content.values()],
            "contents": [*by_content],
            "now": now,
        }
        connection.execute(_SQL["store_attachments"], parameters)
    return found


def read_attachment(connection: psycopg.Connection, key: str) -> bytes | None:
    """The bytes of one file; None where they were pruned."""
    row = connection.execute(_SQL["read_attachment"], {"sha256": key}).fetchone()
    return bytes(row[0]) if row else None
