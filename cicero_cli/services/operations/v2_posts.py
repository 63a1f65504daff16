"""Cicero_V2 moves in; its posts come with their likes and comments, read, written and counted a batch at a time.

Each batch is a transaction of its own, so that a move which was stopped goes on where it was. Safe to repeat.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.operations.v2_proof import PostProof, add_post, prove_post
from cicero_cli.domain.operations.v2_rows import (
    Clock,
    ClockVote,
    V2Comment,
    id_moment,
    plain_handle,
    raw_handles,
    read_comments,
    read_moment,
    vote_on_clock,
)
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.operations.v2_source import Json, V2Source
from cicero_cli.repositories.operations.v2_target import MovedPost
from cicero_cli.services.operations.v2_move import Move, move_people
from cicero_cli.words import Text

_KEYS = {
    Platform.INSTA: ("insta_post", "shortcode", "insta_like"),
    Platform.TIKTOK: ("tiktok_post", "video_id", "tiktok_comment"),
}
_NOT_TAKEN = ("insta_comment", "instagram_user_metrics")  # nothing here counts or shows them
_POSTS_AT_ONCE = 200
_PEOPLE_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class _Read:
    """One post as it was read, with the people on it and what they prove."""

    post: MovedPost
    usernames: Sequence[str]
    comments: Sequence[V2Comment]
    proof: PostProof
    seen_at: datetime


def move_in(store: Store, source: V2Source, *, by: Actor) -> Move:
    """Write everything that Cicero_V2 has and cicero counts."""
    move = move_people(store, source, by=by)
    for platform in Platform:
        move.clocks[platform] = _decide_clock(source, move, platform)
        _move_posts(store, source, move, platform, by.at)
    for table in _NOT_TAKEN:
        if rows := source.count(table):
            move.counts[table].read = move.counts[table].refused = rows
            move.remarks.append(
                Text(
                    "{table}: {rows:,} rows are not taken; no report reads them",
                    table=table,
                    rows=rows,
                )
            )
    store.audit.add(
        "v2.moved", by, details={name: vars(each) for name, each in move.counts.items()}
    )
    return move


def _move_posts(
    store: Store, source: V2Source, move: Move, platform: Platform, now: datetime
) -> None:
    """Bring every post of one platform; one that cannot be read is named and costs itself."""
    table, key, readings = _KEYS[platform]
    clock = _reading_clock(source, move, platform, now)
    batch: list[_Read] = []
    people = 0
    for row, reading in source.posts(table, key, readings):
        move.counts[table].read += 1
        read = _read(row, reading, move, platform, clock, now=now)
        if read is None:
            move.counts[table].refused += 1
            continue
        if any(read.post.post_key == other.post.post_key for other in batch):
            _write(store, move, platform, batch)  # one statement cannot write a row twice
            batch, people = [], 0
        batch.append(read)
        people += len(read.usernames) + len(read.comments)
        if len(batch) >= _POSTS_AT_ONCE or people >= _PEOPLE_AT_ONCE:
            _write(store, move, platform, batch)
            batch, people = [], 0
    if batch:
        _write(store, move, platform, batch)


def _decide_clock(source: V2Source, move: Move, platform: Platform) -> Clock:
    table, key, _ = _KEYS[platform]
    vote: ClockVote = vote_on_clock(
        (str(row["created_at"]), id_moment(platform, str(row.get(key) or "")))
        for row in source.rows(table)
        if row.get("created_at")
    )
    if vote.clock is not None:
        move.remarks.append(
            Text(
                "{table}: times without zone are {clock}, as the ids of {rows:,} posts say ({against:,} say otherwise)",
                table=table,
                clock=vote.clock.label,
                rows=vote.rows_for,
                against=vote.rows_against,
            )
        )
        return vote.clock
    zone = source.timezone()
    clock = Clock.JAKARTA if zone in {"Asia/Jakarta", "WIB"} else Clock.UTC
    if source.count(table):
        move.remarks.append(
            Text(
                "{table}: times without zone are taken as {clock}, the zone of that database; no post's id says",
                table=table,
                clock=clock.label,
            )
        )
    return clock


def _reading_clock(source: V2Source, move: Move, platform: Platform, now: datetime) -> Clock:
    """What readings' times were written in: no reading is of the future, and none is before its post."""
    readings = _KEYS[platform][2]
    latest = source.latest_reading(readings)
    if latest is None or latest.tzinfo is not None:
        return Clock.UTC
    clock = Clock.UTC if source.timezone() not in {"Asia/Jakarta", "WIB"} else Clock.JAKARTA
    if latest.replace(tzinfo=Clock.UTC.value) > now:
        clock = Clock.JAKARTA
    move.remarks.append(
        Text(
            "{table}: times without zone are {clock}; the newest is {latest}",
            table=readings,
            clock=clock.label,
            latest=f"{latest:%Y-%m-%d %H:%M}",
        )
    )
    return clock


def _read(
    row: Json, reading: Json, move: Move, platform: Platform, clock: Clock, *, now: datetime
) -> _Read | None:
    table, key_name, _ = _KEYS[platform]
    key = str(row.get(key_name) or "").strip()
    item = Text("{table} {key}", table=table, key=key or "-")
    client_id = str(row.get("client_id") or "").strip().upper()
    published_at = read_moment(row.get("created_at"), move.clocks[platform])
    if not key or client_id not in move.clients:
        move.refusals.add(item, Text("there is no client {client_id}", client_id=client_id or "-"))
        return None
    if published_at is None:
        move.refusals.add(item, Text("it has no time of publication"))
        return None
    is_insta = platform is Platform.INSTA
    listed = reading.get("likes" if is_insta else "comments")
    handles = raw_handles(listed)
    usernames = list(dict.fromkeys(map(plain_handle, handles))) if is_insta else []
    comments = [] if is_insta else read_comments(listed)
    fetched_at = read_moment(reading.get("updated_at"), clock) if reading else None
    if fetched_at is not None:
        fetched_at = min(max(fetched_at, published_at), now)  # a clock there may have been wrong
    post = MovedPost(
        client_id=client_id,
        post_key=key,
        published_at=published_at,
        caption=str(row.get("caption") or ""),
        kind=_kind(row, platform),
        thumbnail_url=row.get("thumbnail_url"),
        like_count=_count(row.get("like_count")),
        comment_count=_count(row.get("comment_count")),
        listed=len(usernames) if is_insta else len(comments),
        fetched_at=fetched_at or (published_at if reading else None),
    )
    proof = prove_post(client_id, platform, handles, move.holders)
    return _Read(post, usernames, comments, proof, fetched_at or published_at)


def _kind(row: Json, platform: Platform) -> str:
    if row.get("is_carousel"):
        return "album"
    return "video" if platform is Platform.TIKTOK or row.get("is_video") else "image"


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _write(store: Store, move: Move, platform: Platform, batch: Sequence[_Read]) -> None:
    table, _, readings = _KEYS[platform]
    target = store.v2_target
    with store.transaction():
        new, changed = target.save_posts(platform, [read.post for read in batch])
        ids = target.post_ids(platform, [(r.post.client_id, r.post.post_key) for r in batch])
        known = [(ids[read.post.client_id, read.post.post_key], read) for read in batch]
        target.mark_days_as_listed(platform, [post_id for post_id, _ in known])
        if platform is Platform.INSTA:
            likes = [(i, name, read.seen_at) for i, read in known for name in read.usernames]
            added = target.save_likes(likes)
        else:
            comments = [
                (i, comment, read.seen_at) for i, read in known for comment in read.comments
            ]
            added = target.save_comments(comments)
    move.counts[table].new += new
    move.counts[table].changed += changed
    move.counts[readings].read += sum(len(r.usernames) + len(r.comments) for r in batch)
    move.counts[readings].new += added
    _prove(move, platform, known, target.count_doers(platform, list(ids.values())))


def _prove(
    move: Move, platform: Platform, known: Iterable[tuple[int, _Read]], done: dict[int, int]
) -> None:
    for post_id, read in known:
        client = move.clients[read.post.client_id]
        day = local_day(read.post.published_at, client.zone)
        add_post(move.days[client.client_id, platform, day], read.proof, done.get(post_id, 0))
