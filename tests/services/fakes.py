"""An upstream platform of a few lines, and short ways to say what it shows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import TypeVar

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.collection.comments import KnownComments
from cicero_cli.domain.collection.posts import Comment, Engagement, Listing, UpstreamPost
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import RejectedError
from cicero_cli.repositories.database.store import Store

Answer = TypeVar("Answer")
FETCH_AT = tuple(time(hour, 30) for hour in range(6, 21))
BY = Actor("cli:test", datetime(2026, 1, 15, 5, 0, tzinfo=UTC))


class FakeSource:
    """A PostSource that answers from two dictionaries; what is an exception there is raised. `asked` is its log."""

    host = "fake.test"
    habits = None

    def __init__(
        self,
        platform: Platform = Platform.INSTA,
        *,
        listings: Mapping[str, Listing | Exception] | None = None,
        people: Mapping[str, Engagement | Exception] | None = None,
        meanwhile: Mapping[str, Callable[[], None]]
        | None = None,  # what happens while this is asked
    ) -> None:
        self.platform = platform
        self.listings = dict(listings or {})
        self.people = dict(people or {})
        self.meanwhile = dict(meanwhile or {})
        self.asked: list[str] = []
        self._lock = threading.Lock()

    def list_posts(
        self, client: Client, *, since: datetime, meter: Meter, known_posts: int | None = None
    ) -> Listing:
        return self._answer(client.client_id, self.listings, meter)

    def read_engagement(
        self, post_key: str, *, known: KnownComments | None = None, meter: Meter
    ) -> Engagement:
        return self._answer(post_key, self.people, meter)

    def _answer(self, key: str, answers: Mapping[str, Answer | Exception], meter: Meter) -> Answer:
        with self._lock:
            self.asked.append(key)
        self.meanwhile.get(key, lambda: None)()
        meter.count(size=1000, quota=Quota(limit=500, remaining=400, reset_seconds=3600))
        answer = answers.get(key, RejectedError(f"{key} is not there"))
        if isinstance(answer, Exception):
            raise answer
        return answer


def set_clock(store: Store, moment: str) -> None:
    """From now on the history is written as if it were this time (UTC)."""
    store.connection.execute("SELECT set_config('cicero.now', %s, false)", (str(at(moment)),))


def at(text: str) -> datetime:
    """`at("2026-11-21 05:00")`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(
    key: str, published_at: str, count: int | None = 0, *, pinned: bool = False
) -> UpstreamPost:
    """A post as a listing shows it; `count` is what counts on either platform."""
    return UpstreamPost(
        post_key=key,
        published_at=at(published_at),
        is_pinned=pinned,
        like_count=count,
        comment_count=count,
    )


def complete(*posts: UpstreamPost, secuid: str | None = None) -> Listing:
    return Listing(posts=posts, is_complete=True, secuid=secuid)


def cut_short(*posts: UpstreamPost) -> Listing:
    return Listing(posts=posts, is_complete=False)


def likes(*handles: str, total: int | None = -1) -> Engagement:
    """These people like it; the upstream counts as many unless `total` says otherwise (None: hidden)."""
    return Engagement(total=len(handles) if total == -1 else total, likes=handles)


def comments(*handles: str) -> Engagement:
    """One comment by each, in this order; the same person may write several."""
    return Engagement(
        total=len(handles),
        comments=tuple(
            Comment(
                comment_id=f"{handle}-{number}",
                username=handle,
                text="Siap",
                created_at=at("2026-11-21 01:00"),
            )
            for number, handle in enumerate(handles)
        ),
    )
