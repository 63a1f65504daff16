"""Whether the server lives, and whether it can work. Answers without a token."""

from __future__ import annotations

from typing import Literal

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.errors import DatabaseError
from cicero_cli.repositories.database.migrations import require_current
from cicero_cli.web.http.answers import Envelope, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import PUBLIC, Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(tag="health")


class Health(Schema):
    """The process answers."""

    status: Literal["ok"]


class Readiness(Schema):
    """The database answers and is current; Redis may be away."""

    database: Literal["ok"]
    redis: Literal["ok", "away", "off"]


@router.read("/healthz", role=PUBLIC, client=Client.NONE, lane=None, schema=Envelope[Health])
def healthz(call: Call) -> Response:
    """Say that the process lives."""
    return answer({"status": "ok"})


@router.read("/readyz", role=PUBLIC, client=Client.NONE, schema=Envelope[Readiness])
def readyz(call: Call) -> Response:
    """Say that the database answers and is current."""
    try:
        require_current(call.store.connection)
    except DatabaseError as error:
        raise HTTPException(503, f"{error.message}; {error.hint}") from error
    redis = {None: "off", True: "ok", False: "away"}[call.cache.ping()]
    return answer({"database": "ok", "redis": redis})
