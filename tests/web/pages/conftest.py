"""A person with a browser: a cookie instead of a header, forms with their CSRF token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape

import pytest
import requests
from psycopg import sql

from cicero_cli.core.setting_values import Secret
from cicero_cli.domain.messaging.messages import Kind, NewMessage
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.whatsapp import StandIn
from cicero_cli.web.pages.csrf import csrf_token, session_name
from tests.services.fakes import at, comments, likes, shown
from tests.web.conftest import SECRET, Api, Serve, add_roles

DAY = "2026-01-14"
NOON = at(f"{DAY} 05:00")


@dataclass
class Visitor:
    """Somebody at the page, logged in or not; redirects are not followed, so that a test sees them."""

    api: Api
    name: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **words: object) -> requests.Response:
        return self.api.get(
            path,
            cookies=self.cookies,
            allow_redirects=False,
            headers={"Accept": "text/html"},
            **words,
        )

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        **headers: str,
    ) -> requests.Response:
        csrf = csrf_token(Secret(SECRET), session_name(f"session of {self.name}"))
        return self.api.post(
            path,
            data={"csrf": csrf, **(fields or {})},
            files=files,
            cookies=self.cookies,
            allow_redirects=False,
            headers={"Accept": "text/html", **headers},
        )


@dataclass
class People:
    """A browser for each role, and one of nobody."""

    admin: Visitor
    operator: Visitor
    viewer: Visitor
    nobody: Visitor


@pytest.fixture
def people(api: Api) -> People:
    """Each role at the page; operator and viewer belong to POLRES_A."""

    def visitor(name: str) -> Visitor:
        return Visitor(api, name, {"cicero": api.tokens[name]})

    return People(visitor("admin"), visitor("operator"), visitor("viewer"), Visitor(api))


Visit = Callable[..., Visitor]


@pytest.fixture
def standin() -> Iterator[StandIn]:
    """A gateway that has just been installed."""
    with StandIn(waha_key="waha-key", gowa_password="gowa-password") as server:
        server.phones.session, server.phones.is_linked = "ABSENT", False
        yield server


@pytest.fixture
def visit(serve: Serve, clients: Store, standin: StandIn) -> Visit:
    """An admin at a server with this gateway: `visit("waha", CICERO_WAHA_KEY="wrong")`."""
    tokens: dict[str, str] = {}

    def start(gateway: str, **environ: str) -> Visitor:
        settings = {
            "CICERO_WHATSAPP": gateway,
            "CICERO_WAHA_URL": standin.url,
            "CICERO_WAHA_KEY": "waha-key",
            "CICERO_GOWA_URL": standin.url,
            "CICERO_GOWA_USER": "cicero",
            "CICERO_GOWA_PASSWORD": "gowa-password",
            "CICERO_GOWA_DEVICE": "stand-in",
            "CICERO_WA_WEBHOOK_SECRET": "a-signing-key-of-more-than-32-characters",
            "CICERO_PUBLIC_URL": "https://cicero.example.org",
        }
        api = serve(**settings | environ)
        if not tokens:
            add_roles(api)
            tokens.update(api.tokens)
        return Visitor(api, "admin", {"cicero": tokens["admin"]})

    return start


@pytest.fixture
def unit(clients: Store) -> Store:
    """POLRES_A with an account on both platforms, five people and a day of posts."""
    store = clients
    store.clients.update(
        Client(
            client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_tiktok="polres_a"
        )
    )
    store.users.remove("8501000A")
    store.history.erase_user("8501000A")
    for number, words in enumerate(
        (
            {"nama": "Ani", "title": "IPTU", "divisi": "BAG OPS", "insta": "ani", "tiktok": "ani"},
            {"nama": "Budi", "title": "BRIPKA", "divisi": "BAG OPS", "insta": "budi"},
            {"nama": "Citra", "title": "AKP", "divisi": "SAT LANTAS", "insta": "citra"},
            {"nama": "Dewi", "title": "AIPDA", "divisi": "SAT LANTAS"},
            {"nama": "Eka", "divisi": "PIMPINAN", "insta": "eka", "exception": True},
        ),
        start=1,
    ):
        store.users.add(User(user_id=f"8501000{number}", client_id="POLRES_A", **words))
    fetched(
        store,
        Platform.INSTA,
        {"p1": ["ani", "budi"], "p2": ["ani"], "p3": ["ani", "citra.x"]},
        total=4,
    )
    fetched(store, Platform.TIKTOK, {"75": ["ani"]})
    return store


def fetched(
    store: Store,
    platform: Platform,
    people: Mapping[str, list[str]],
    *,
    day: str = DAY,
    total: int | None = -1,
) -> None:
    """What a fetch at 12:00 leaves behind: these posts, an hour apart from 08:00 on, with these people."""
    now = at(f"{day} 05:00")
    store.posts(platform).store(
        "POLRES_A",
        [
            shown(key, f"{day} 0{hour}:00", len(handles))
            for hour, (key, handles) in enumerate(people.items(), 1)
        ],
        now=now,
    )
    store.posts(platform).remember_listing("POLRES_A", now.date(), now.date(), now=now)
    rows = store.connection.execute(f"SELECT post_key, post_id FROM {platform}_post").fetchall()
    for key, post_id in rows:
        if key in people:
            read = likes if platform is Platform.INSTA else comments
            engagement = read(*people[key]) if total == -1 else read(*people[key], total=total)
            store.engagement(platform).store(post_id, engagement, now=now)


def queued(
    store: Store,
    recipient: str = "6281234567890",
    *,
    status: str = "queued",
    client_id: str | None = "POLRES_A",
    user_id: str | None = None,
    kind: Kind = Kind.LAPHAR,
    now: datetime = NOON,
    **columns: object,
) -> int:
    """A message in this state; gives its number."""
    message = NewMessage(
        dedupe_key=f"{kind} {recipient} {now} {status} {columns}",
        kind=kind,
        recipient=recipient,
        body="*Laphar* hari ini",
        expires_at=now + timedelta(hours=1),
        client_id=client_id,
        user_id=user_id,
        day=now.date(),
    )
    (number,) = store.outbox.add([message], now=now)
    for name, value in {"status": status, **columns}.items():
        store.connection.execute(
            sql.SQL("UPDATE outbox SET {} = %s WHERE message_id = %s").format(sql.Identifier(name)),
            (value, number),
        )
    return number


def text_of(answer: requests.Response) -> str:
    """What a page says, without its markup, on one line."""
    body = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
    return re.sub(r" ([.,;:])", r"\1", words)


def hidden(answer: requests.Response, name: str) -> str:
    """The value of a hidden field of a form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, f"{name} is not on the page"
    return unescape(found[1])
