"""A noun of each kind of access, for the tests of what guards them all."""

from __future__ import annotations

import threading
from typing import Annotated

from fastapi import Query, Response

from cicero_cli.core import clock
from cicero_cli.domain.access.accounts import Role
from cicero_cli.errors import InputError
from cicero_cli.web.http.answers import Envelope, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/api/example", tag="example")
done: list[str] = []
started = threading.Event()


class Seen(Schema):
    client_id: str | None


class Note(Schema):
    text: str
    client_id: str | None = None


class Nap(Schema):
    seconds: float


@router.read("/named", role=Role.VIEWER, client=Client.NAMED, schema=Envelope[Seen])
def named(call: Call) -> Response:
    """Say which client it is about."""
    return answer({"client_id": call.one_client})


@router.read("/own", role=Role.VIEWER, client=Client.OWN)
def own(call: Call) -> Response:
    """Say which clients may be seen."""
    return answer({"client_ids": call.client_ids})


@router.read("/clients/{client_id}", role=Role.VIEWER, client=Client.NAMED)
def by_path(call: Call, client_id: str) -> Response:
    """Say which client the path names."""
    return answer({"client_id": call.one_client, "typed": client_id})


@router.read("/users/{user_id}", role=Role.VIEWER, client=Client.USER)
def user(call: Call, user_id: str) -> Response:
    """Say whose user it is."""
    return answer({"client_id": call.one_client, "user_id": user_id})


@router.write("POST", "/notes", role=Role.OPERATOR, client=Client.NAMED)
def add_note(call: Call, body: Note) -> Response:
    """Keep a note."""
    if body.text == "bad":
        raise InputError("this text is bad")
    if body.text == "bug":
        raise ZeroDivisionError(body.text)
    done.append(body.text)
    return answer({"client_id": call.one_client})


@router.write("PUT", "/users/{user_id}", role=Role.OPERATOR, client=Client.USER)
def change(call: Call, user_id: str, body: Note) -> Response:
    """Change a note."""
    done.append(body.text)
    return answer({"user_id": user_id, "client_id": call.one_client})


@router.write("DELETE", "/all", role=Role.ADMIN, client=Client.NONE)
def clear(call: Call) -> Response:
    """Do what only an admin may."""
    return answer({"by": call.caller.username})


@router.read("/slow", role=Role.VIEWER, client=Client.OWN, lane=Lane.HEAVY)
def slow(call: Call, query: Annotated[Nap, Query()]) -> Response:
    """Take as long as a recap of a large month."""
    started.set()
    call.store.connection.execute("SELECT pg_sleep(%s)", [query.seconds])
    return answer({"slept": query.seconds})


@router.read("/waiting", role=Role.VIEWER, client=Client.OWN, lane=Lane.UPSTREAM)
def waiting(call: Call, query: Annotated[Nap, Query()]) -> Response:
    """Wait for somebody else's server."""
    started.set()
    clock.sleep(query.seconds)
    return answer({"waited": query.seconds})


@router.read("/moving", role=Role.VIEWER, client=Client.OWN)
def moving(call: Call, query: Annotated[Nap, Query()]) -> Response:
    """Take long only when long is asked for."""
    if query.seconds > 0:
        call.move_to(Lane.HEAVY)
        call.store.connection.execute("SELECT pg_sleep(%s)", [query.seconds])
    return answer({"lane": call.lane.name if call.lane else None})


@router.read("/text", role=Role.VIEWER, client=Client.NONE)
def text(call: Call, word: str, number: int = 0) -> Response:
    """Hand words to the database."""
    row = call.store.connection.execute("SELECT %s::text, %s::int", [word, number]).fetchone()
    return answer(row)


@router.read("/bug", role=Role.VIEWER, client=Client.NONE)
def bug(call: Call) -> Response:
    """Fail as nobody foresaw."""
    raise RuntimeError(f"secret inside of {call.jti}")
