"""A simulated day: what hourly fetches ask beside reading everything, and whether reports are as right.

40 units are 40 times one unit: what a unit costs is counted on a few of them. Clocks are simulated, answers come out of memory,
everything else is what runs in production: readers of the upstream's pages, decisions, statements.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from cicero_cli.domain.collection.comments import CommentOrder
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.gateways.upstream.instagram import InstagramSource
from cicero_cli.gateways.upstream.tiktok import TiktokSource
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.posts import collect
from cicero_cli.services.operations.fetch_needs import DayTimes, needs_by_schedule
from tests.bench.measuring import report

_UNITS, _PEOPLE, _POSTS, _ENGAGED, _PAGE = 2, 700, 10, 1000, 20
_ALL_UNITS, _RATE = 40, 5
_DAY = date(2026, 11, 20)
_ZONE = ZoneInfo("Asia/Jakarta")
_FETCH_AT = [time(hour, 30) for hour in range(6, 21)]
_LAPHAR_AT = [time(15), time(18), time(21)]
_REMIND_AT = [time(12, 10), time(16, 10), time(19, 10)]
_LIKE_BYTES, _COMMENT_BYTES, _POST_BYTES = 700, 1_600, 21_000  # as recorded answers have them
_BURST = 0.3  # of the people come in the half-hour after a reminder


@dataclass
class _SimulatedPost:
    key: str
    published_at: datetime
    engaged: list[tuple[datetime, str, int]]  # when, who, how liked the comment is; by time

    def until(self, now: datetime) -> list[tuple[datetime, str, int]]:
        return [one for one in self.engaged if one[0] <= now]


@dataclass
class _Upstream:
    """Answers as the two upstreams give them, at a simulated time."""

    host = "simulated.test"
    order: CommentOrder
    posts: dict[str, list[_SimulatedPost]]  # by account
    now: datetime

    def get(
        self,
        path: str,
        params: Mapping[str, str],
        decoder: msgspec.json.Decoder[Any],
        *,
        meter: Meter,
    ) -> Any:
        body, size = {
            "/v1/posts": self._insta_posts,
            "/v1/likes": self._likes,
            "/api/user/info": self._info,
            "/api/user/posts": self._videos,
            "/api/post/comments": self._comments,
        }[path](params)
        meter.count(size=size, quota=Quota())
        return decoder.decode(msgspec.json.encode(body))

    def _shown(self, account: str) -> list[_SimulatedPost]:
        shown = [post for post in self.posts[account] if post.published_at <= self.now]
        return sorted(shown, key=lambda post: post.published_at, reverse=True)

    def find(self, key: str) -> _SimulatedPost:
        return next(post for posts in self.posts.values() for post in posts if post.key == key)

    def _insta_posts(self, params: Mapping[str, str]) -> tuple[dict[str, Any], int]:
        items = [
            {
                "code": post.key,
                "taken_at": int(post.published_at.timestamp()),
                "like_count": len(post.until(self.now)),
            }
            for post in self._shown(params["username_or_id_or_url"])[:12]
        ]
        return {"data": {"items": items}}, _POST_BYTES * len(items)

    def _likes(self, params: Mapping[str, str]) -> tuple[dict[str, Any], int]:
        people = self.find(params["code_or_id_or_url"]).until(self.now)
        items = [{"username": handle} for _, handle, _ in people]
        return {"data": {"items": items, "total": len(items)}}, _LIKE_BYTES * len(items)

    def _info(self, params: Mapping[str, str]) -> tuple[dict[str, Any], int]:
        user = {"uniqueId": params["uniqueId"], "secUid": params["uniqueId"]}
        return {"statusCode": 0, "userInfo": {"user": user, "stats": {}}}, 3_000

    def _videos(self, params: Mapping[str, str]) -> tuple[dict[str, Any], int]:
        shown, start = self._shown(params["secUid"]), int(params["cursor"])
        page = shown[start : start + int(params["count"])]
        items = [
            {
                "id": post.key,
                "createTime": int(post.published_at.timestamp()),
                "author": {"uniqueId": params["secUid"], "secUid": params["secUid"]},
                "statsV2": {"commentCount": str(len(post.until(self.now)))},
            }
            for post in page
        ]
        stop = start + len(page)
        body = {
            "itemList": items,
            "hasMore": stop < len(shown),
            "cursor": str(stop),
            "statusCode": 0,
        }
        return {"data": body}, _POST_BYTES * len(items)

    def _comments(self, params: Mapping[str, str]) -> tuple[dict[str, Any], int]:
        comments = self._ordered(self.find(params["videoId"]).until(self.now))
        start, count = int(params["cursor"]), min(_PAGE, int(params["count"]))
        page = comments[start : start + count]
        items = [
            {
                "cid": f"{at.timestamp():.0f}{handle}",
                "create_time": int(at.timestamp()),
                "digg_count": liked,
                "user": {"unique_id": handle},
            }
            for at, handle, liked in page
        ]
        body = {
            "comments": items,
            "total": len(comments),
            "cursor": start + count,
            "has_more": int(start + count < len(comments)),
            "status_code": 0,
        }
        return body, _COMMENT_BYTES * len(items)

    def _ordered(
        self, comments: list[tuple[datetime, str, int]]
    ) -> list[tuple[datetime, str, int]]:
        if self.order is CommentOrder.NEWEST_FIRST:
            return comments[::-1]
        if self.order is CommentOrder.RANKED:
            return sorted(comments, key=lambda one: one[2], reverse=True)
        if self.order is CommentOrder.NONE:
            # as it stands for the moment: pages of one reading fit together
            return sorted(comments, key=lambda one: hash((one[1], self.now)))
        return comments


def bench_quota(store: Store, order: CommentOrder) -> None:
    """One order of comments: a day on which the provider's habits are learnt, and the day that counts."""
    _register(store)
    rng = random.Random(order)
    days = (_DAY - timedelta(1), _DAY)
    world = {
        platform: _Upstream(
            order,
            {f"unit{n}": _simulate(platform, n, days, rng) for n in range(_UNITS)},
            _moment(_DAY, time()),
        )
        for platform in Platform
    }
    spent, most_at_once, wrong = Meter(), 0, 0
    for day, at in ((day, _moment(day, at)) for day in days for at in _FETCH_AT):
        for platform, upstream in world.items():
            upstream.now = at
            cost = _fetch(store, platform, upstream, at)
            if day == _DAY:
                spent.count(size=cost.bytes, quota=Quota())
                spent.requests += cost.requests - 1
                most_at_once = max(most_at_once, cost.requests)
                wrong += (
                    _count_wrong(store, platform, upstream) if _is_before(at, _LAPHAR_AT) else 0
                )
    everything, least = _cost_of_everything(world), _least_requests(world)
    requests, megabytes = spent.requests / everything.requests, spent.bytes / everything.bytes
    most = "at most 0.25" if order.is_by_time else "at most 0.40"
    report(f"quota, comments {order}: requests, of everything every hour", f"{requests:.2f}", most)
    report("  megabytes, of everything every hour", f"{megabytes:.2f}", most)
    report("  requests a unit and day", f"{spent.requests / _UNITS:.0f}")
    report("  megabytes a unit and day", f"{spent.bytes / _UNITS / 1e6:.0f}")
    if order.is_by_time:
        report("  requests, of the least possible", f"{spent.requests / least:.2f}", "at most 1.5")
        minutes = most_at_once * _ALL_UNITS / _UNITS / _RATE / 60
        report("  minutes of an hour for 40 units", f"{minutes:.0f}", "at most 40")
    report("  people wrong at the laphar slots", f"{wrong}", "0")


def _fetch(store: Store, platform: Platform, upstream: _Upstream, at: datetime) -> Meter:
    source: Any = (
        InstagramSource(_api(upstream))
        if platform is Platform.INSTA
        else TiktokSource(_api(upstream))
    )
    needs_of = needs_by_schedule(store, source, DayTimes(_FETCH_AT, _LAPHAR_AT, _REMIND_AT), now=at)
    collected = collect(
        store,
        source,
        store.clients.list(),
        days=2 if at.astimezone(_ZONE).time() == _FETCH_AT[0] else 1,
        parallel=1,
        clock=lambda: at,
        needs_of=needs_of,
    )
    failures = [run.error for run in collected.runs if run.error]
    if failures:
        raise SystemExit(f"a simulated fetch failed: {failures}")
    return Meter(
        requests=sum(run.requests for run in collected.runs),
        bytes=sum(run.bytes for run in collected.runs),
    )


def _api(upstream: _Upstream) -> Any:
    """What the readers need of a JsonApi."""
    return upstream


def _count_wrong(store: Store, platform: Platform, upstream: _Upstream) -> int:
    """Over all posts of the day, people who are reported otherwise than a reading of everything would have it."""
    wrong = 0
    for client in store.clients.list():
        posts = store.posts(platform).list(client.client_id, first_day=_DAY, last_day=_DAY)
        ids = [post.post_id for post in posts]
        seen = store.engagement(platform).list_doers(client.client_id, _DAY, ids, None)
        for post in posts:
            truth = {who for _, who, _ in upstream.find(post.post_key).until(upstream.now)}
            people = {
                f"{client.client_id}-{who}" for who in truth if not who.startswith("stranger")
            }
            wrong += len(people ^ seen.get(post.post_id, frozenset()))
    return wrong


def _cost_of_everything(world: Mapping[Platform, _Upstream]) -> Meter:
    """Each listing and everybody on every post, at every hour of the day."""
    cost = Meter()
    for platform, upstream in world.items():
        for posts in upstream.posts.values():
            for at in _FETCH_AT:
                now = _moment(_DAY, at)
                first = _moment(_DAY - timedelta(at == _FETCH_AT[0]), time())
                shown = [post for post in posts if post.published_at <= now]
                cost.requests += 1
                cost.bytes += _POST_BYTES * min(
                    len(shown), 12 if platform is Platform.INSTA else 30
                )
                for post in (post for post in shown if post.published_at >= first):
                    people = len(post.until(now))
                    is_insta = platform is Platform.INSTA
                    cost.requests += 1 if is_insta else max(1, math.ceil(people / _PAGE))
                    cost.bytes += people * (_LIKE_BYTES if is_insta else _COMMENT_BYTES)
    return cost


def _least_requests(world: Mapping[Platform, _Upstream]) -> int:
    """A listing each hour, and who is new before each report and reminder and after the day."""
    requests = 0
    for platform, upstream in world.items():
        is_insta = platform is Platform.INSTA
        for posts in upstream.posts.values():
            requests += len(_FETCH_AT)
            for post in posts:
                known, fetches = 0, [_moment(_DAY, one) for one in _FETCH_AT]
                if post.published_at < _moment(_DAY, time()):
                    known = len(post.until(_moment(_DAY - timedelta(1), _FETCH_AT[-1])))
                    late = len(post.until(fetches[0])) - known
                    requests += min(1, late) if is_insta else math.ceil(late / _PAGE)
                    continue
                for at in fetches:
                    people = len(post.until(at))
                    if _is_before(at, [*_LAPHAR_AT, *_REMIND_AT]) and people > known:
                        requests += 1 if is_insta else math.ceil((people - known) / _PAGE)
                        known = people
    return requests


def _is_before(at: datetime, times: list[time]) -> bool:
    """Whether one of these times comes before the next fetch."""
    return any(at < _moment(_DAY, one) <= at + timedelta(hours=1) for one in times)


def _simulate(
    platform: Platform, unit: int, days: tuple[date, ...], rng: random.Random
) -> list[_SimulatedPost]:
    # an account that has never posted looks like a private one
    posts = [_SimulatedPost(f"{platform}{unit}old", _moment(days[0] - timedelta(7), time(8)), [])]
    for day in days:
        for number in range(_POSTS):
            published_at = _moment(day, time(6 + number, rng.randrange(60)))
            people = [f"u{n}" for n in range(_PEOPLE)]
            people += [f"stranger{rng.randrange(10**9)}" for _ in range(_ENGAGED - _PEOPLE)]
            engaged = sorted(
                (_arrival(published_at, day, rng), who, rng.randrange(50)) for who in people
            )
            posts.append(_SimulatedPost(f"{platform}{unit}{day:%d}{number}", published_at, engaged))
    return posts


def _arrival(published_at: datetime, day: date, rng: random.Random) -> datetime:
    """Trickling in, 1 - exp(-h/3), or within the half-hour after a reminder."""
    reminders = [at for one in _REMIND_AT if (at := _moment(day, one)) > published_at]
    if reminders and rng.random() < _BURST:
        return rng.choice(reminders) + timedelta(minutes=rng.uniform(0, 30))
    return published_at + timedelta(hours=rng.expovariate(1 / 3))


def _register(store: Store) -> None:
    store.connection.execute(
        "SELECT set_config('cicero.now', %s, false)", (str(_moment(_DAY - timedelta(2), time(8))),)
    )
    for unit in range(_UNITS):
        name = f"unit{unit}"
        store.clients.add(
            Client(client_id=name.upper(), nama=name, client_insta=name, client_tiktok=name)
        )
    store.connection.execute(
        """
        INSERT INTO "user" (user_id, client_id, nama, insta, tiktok)
        SELECT client_id || '-u' || n, client_id, 'Nama', 'u' || n, 'u' || n
        FROM clients, generate_series(0, %s - 1) AS n
        """,
        (_PEOPLE,),
    )


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, _ZONE)
