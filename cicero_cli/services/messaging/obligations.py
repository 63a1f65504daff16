"""Who has what left to do today, of whose posts: a person may be asked by several clients (docs/adr/0026)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cicero_cli.domain.collection.posts import post_url
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.attendance.engagement import LeftToDo, list_left_to_do
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, list_posts


@dataclass(frozen=True)
class Posted:
    """One client's posts of a day by platform: ids, and where to open each."""

    client: Client
    urls: Mapping[Platform, Mapping[int, str]]

    @property
    def post_ids(self) -> dict[Platform, list[int]]:
        return {platform: list(found) for platform, found in self.urls.items()}


@dataclass(frozen=True)
class Asked:
    """What somebody has left of one client's posts."""

    posted: Posted
    person: LeftToDo

    def urls(self, platform: Platform) -> list[str]:
        left = self.person.insta if platform is Platform.INSTA else self.person.tiktok
        return [url for post_id, url in self.posted.urls[platform].items() if post_id in left]


class Obligations:
    """What is left to do, of whose posts; each client's day is read once, however many units' people are asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._posted: dict[tuple[str, date], Posted | None] = {}
        self._left: dict[tuple[str, date], dict[str, list[LeftToDo]]] = {}

    def of_unit(self, unit: Client, day: date) -> dict[str, list[Asked]]:
        """By user id what the unit's own people have left of the posts of all clients that ask them, their own first."""
        found: dict[str, list[Asked]] = defaultdict(list)
        for posted in self._asking(unit, day):
            key = (posted.client.client_id, day)
            if key not in self._left:
                self._left[key] = defaultdict(list)
                for person in self._list(posted, day):
                    self._left[key][person.unit_id].append(person)
            for person in self._left[key].get(unit.client_id, ()):
                found[person.user_id].append(Asked(posted, person))
        return dict(sorted(found.items()))

    def of_user(self, unit: Client, user_id: str, day: date) -> list[Asked]:
        """The same of one user; nothing when that is not the user's unit any more."""
        return [
            Asked(posted, person)
            for posted in self._asking(unit, day)
            for person in self._list(posted, day, user_id=user_id)
            if person.unit_id == unit.client_id
        ]

    def _list(self, posted: Posted, day: date, *, user_id: str | None = None) -> Sequence[LeftToDo]:
        return list_left_to_do(
            self._store.connection, posted.client.client_id, day, posted.post_ids, user_id=user_id
        )

    def _asking(self, unit: Client, day: date) -> Iterator[Posted]:
        """The active clients with posts of this day on which people of the unit are expected."""
        asking = self._store.audiences.clients_above([unit.client_id], day)
        for client_id in sorted(asking, key=lambda one: (one != unit.client_id, one)):
            key = (client_id, day)
            if key not in self._posted:
                self._posted[key] = self._read_posted(client_id, day)
            posted = self._posted[key]
            if posted is not None:
                yield posted

    def _read_posted(self, client_id: str, day: date) -> Posted | None:
        client = self._store.clients.get(client_id)
        if client is None or not client.client_status:
            return None
        urls = {
            platform: {
                post.post_id: post_url(platform, post.post_key, client.known_username(platform))
                for post in list_posts(self._store, client, platform, Moment(day, None))
            }
            for platform in Platform
        }
        return Posted(client, urls) if any(urls.values()) else None
