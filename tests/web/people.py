"""A small world with the edges that recaps have to get right: three time zones, odd handles, hidden likes, exceptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cicero_cli.core.setting_values import Secret
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.collection.posts import Comment, Engagement, UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User, normalise_user_field
from cicero_cli.repositories.access.sessions import NewSession
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.access.log_in import SESSION_LIFETIME, SignedIn
from cicero_cli.web.http.tokens import make_token
from tests.services.fakes import at
from tests.web.conftest import SECRET, Api

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
SEEN = at("2026-01-20 00:00")
ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}


def fill(store: Store) -> None:
    """POLRES_WIB, POLRES_WITA and POLRES_WIT, each with the same people and posts.

    Before midnight of 14 January in Jakarta and after it elsewhere one post comes; noon of the 15th brings two, of which
    one hides its likes; one more of the 15th was deleted.
    """
    for zone, name in ZONES.items():
        client_id = f"POLRES_{zone}"
        client = Client(
            client_id=client_id,
            nama=f"Polres {zone}",
            timezone=name,
            client_insta=f"polres.{zone.lower()}",
            client_tiktok=f"polres_{zone.lower()}",
            client_operator="6281100000001",
            regional_id="JATIM" if zone != "WIT" else None,
        )
        store.clients.add(client)
        for words in (
            {"user_id": "001", "nama": "Ani", "title": "AKP", "divisi": "SAT LANTAS", "insta": "@ANI.S", "tiktok": "Ani.S"},
            {"user_id": "002", "nama": "Budi", "insta": "budi", "tiktok": "budi"},
            {"user_id": "003", "nama": "Citra", "insta": "citra", "tiktok": "citra", "divisi": "BAG OPS"},
            {"user_id": "004", "nama": "Dedi", "title": "IPDA"},
            {"user_id": "005", "nama": "Eka", "exception": True},
            {"user_id": "006", "nama": "Fajar", "insta": "fajar", "tiktok": "fajar", "status": False},
        ):  # fmt: skip
            own: dict[str, Any] = {
                **words,
                "client_id": client_id,
                "user_id": f"{zone}-{words['user_id']}",
            }
            store.users.add(
                User(**{name: normalise_user_field(name, word) for name, word in own.items()})
            )
        for platform in Platform:
            _post(store, platform, client_id)


def _post(store: Store, platform: Platform, client_id: str) -> None:
    night = UpstreamPost(
        post_key="night",
        published_at=at("2026-01-14 16:30"),
        caption='Malam "hari"\n🙏',
        like_count=2,
        comment_count=2,
        share_count=1,
        view_count=9,
    )
    noon = replace(night, post_key="noon", published_at=at("2026-01-15 04:00"), caption="Siang")
    hidden = replace(
        noon, post_key="hidden", published_at=at("2026-01-15 05:00"), like_count=None, caption=""
    )
    gone = replace(noon, post_key="gone", published_at=at("2026-01-15 06:00"))
    posts = store.posts(platform)
    posts.store(client_id, [night, noon, hidden, gone], now=SEEN)
    day = {"start": at("2026-01-15 00:00"), "end": at("2026-01-16 00:00")}
    for _ in range(2):  # two listings in a row lack it
        posts.mark_deleted(client_id, **day, keep=["noon", "hidden"], now=SEEN)
    like(store, platform, client_id, "night", "ani.s", "stranger", "fajar")
    like(store, platform, client_id, "noon", "ani.s", "budi")
    like(store, platform, client_id, "hidden", "ani.s", total=None)
    like(store, platform, client_id, "gone", "citra", "budi")


def like(
    store: Store,
    platform: Platform,
    client_id: str,
    key: str,
    *handles: str,
    total: int | None = 3,
) -> None:
    """These people like the post, or comment on it twice."""
    row = store.connection.execute(
        f"SELECT post_id FROM {platform}_post WHERE client_id = %s AND post_key = %s",
        (client_id, key),
    ).fetchone()
    assert row is not None
    people = Engagement(total=total, likes=handles)
    if platform is TIKTOK:
        people = Engagement(
            total=total,
            comments=tuple(
                Comment(
                    comment_id=f"{handle}-{number}",
                    username=handle,
                    text=f"Siap {number}",
                    created_at=SEEN,
                )
                for handle in handles
                for number in (1, 2)
            ),
        )
    store.engagement(platform).store(row[0], people, now=SEEN)


def direct(store: Store) -> None:
    """DITBINMAS, on whose posts the people of POLRES_WIB and POLRES_WITA are expected.

    It has one post of 15 January, which Ani and Budi of both have done.
    """
    store.clients.add(
        Client(
            client_id="DITBINMAS",
            nama="Ditbinmas",
            client_type="DIREKTORAT",
            client_insta="dit",
            client_tiktok="dit",
            audience="below",
            regional_id="JATIM",
        )
    )
    for unit in ("POLRES_WIB", "POLRES_WITA"):
        client = store.clients.get(unit)
        assert client is not None
        store.clients.update(replace(client, under="DITBINMAS"))
    for platform in Platform:
        post = UpstreamPost(
            post_key="dit", published_at=at("2026-01-15 04:00"), like_count=2, comment_count=2
        )
        store.posts(platform).store("DITBINMAS", [post], now=SEEN)
        like(store, platform, "DITBINMAS", "dit", "ani.s", "budi", "stranger")


def enter(api: Api, username: str, role: Role, *client_ids: str, home: str | None = None) -> None:
    """An account with a token, without the slow hashing."""
    account_id = api.store.accounts.add(username, role=role.word, active=True, password_hash="none")
    assert account_id is not None
    api.store.accounts.set_clients(account_id, client_ids)
    now = datetime.now(UTC)  # noqa: TID251 - the server's own clock judges this token
    session = NewSession(
        jti=f"session of {username}",
        account_id=account_id,
        account_version=0,
        client_id=home or (client_ids[0] if client_ids else None),
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
            client_id=session.client_id,
            issued_at=now,
            expires_at=session.expires_at,
        ),
        Secret(SECRET),
    )


def enter_all(api: Api) -> Api:
    """`wib` sees one client, `region` two, `operator` writes for the first, `admin` does everything."""
    fill(api.store)
    enter(api, "wib", Role.VIEWER, "POLRES_WIB")
    enter(api, "region", Role.VIEWER, "POLRES_WIB", "POLRES_WITA")
    enter(api, "operator", Role.OPERATOR, "POLRES_WIB")
    enter(api, "admin", Role.ADMIN, home="POLRES_WIB")
    return api


def data(api: Api, path: str, token: str = "admin", **words: Any) -> Any:
    """The data of a good answer."""
    answer = api.get(path, token, **words)
    assert answer.status_code == 200, answer.text
    assert answer.json()["success"] is True
    return answer.json()["data"]
