"""What the upstream answered, written down: listings, who engaged, and what a client's run brought and cost."""

from __future__ import annotations

import logging
from datetime import datetime

from cicero_cli.domain.collection.posts import Engagement, Listing, Post, is_contradicted
from cicero_cli.domain.collection.readings import Reading
from cicero_cli.domain.collection.runs import Failure, Run, RunStatus, summarise
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import CiceroError, UnstorableError, UpstreamError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.plan import Choice, Target, choose_readings
from cicero_cli.services.collection.quotas import exhausted_until
from cicero_cli.services.ports import PostSource
from cicero_cli.words import Text

log = logging.getLogger(__name__)


def store_listing(
    store: Store, platform: Platform, target: Target, listing: Listing, *, now: datetime
) -> list[Choice]:
    """Keep the posts of the target's days; gives those that it shows, with what is to be done about their people."""
    client_id = target.client.client_id
    posts = store.posts(platform)
    days_posts = [post for post in listing.posts if target.start <= post.published_at < target.end]
    with store.transaction():
        if not store.clients.hold(client_id):
            raise UnstorableError(
                "client {client_id} was removed while it was fetched", client_id=client_id
            )
        posts.store(client_id, days_posts, now=now)
        posts.remember_unreadable(client_id, target.last_day, listing.unreadable, now=now)
        if listing.is_complete:
            posts.remember_listing(client_id, target.first_day, target.last_day, now=now)
            keys = [post.post_key for post in days_posts]
            posts.mark_deleted(client_id, start=target.start, end=target.end, keep=keys, now=now)
        if listing.secuid is not None and listing.secuid != target.client.tiktok_secuid:
            store.clients.remember_secuid(client_id, listing.secuid)
    target.was_listed = listing.is_complete or bool(days_posts)
    listed_keys = {post.post_key for post in days_posts}
    return [
        choice
        for choice in choose_readings(store, target, platform, now=now)
        if choice.post.post_key in listed_keys
    ]


def store_engagement(
    store: Store,
    platform: Platform,
    target: Target,
    post: Post,
    answer: Engagement,
    *,
    now: datetime,
) -> None:
    """Whoever is in the list did it; a list that cannot be whole says nothing about who else did."""
    is_broken = any(problem.code != "people_unreadable" for problem in answer.problems)
    is_failed = is_broken or is_contradicted(post, answer)
    target.new += store.engagement(platform).store(
        post.post_id, answer, is_believed=not is_failed, now=now
    )
    if is_failed and not answer.problems:
        total = max(answer.total or 0, post.shown_count or 0)
        contradiction = UpstreamError(
            "{listed} of {total} are listed, so it is asked again",
            code="list_contradicted",
            listed=answer.listed,
            total=total,
        )
        target.failures.append(failure_at(post, contradiction))


def record_run(
    store: Store,
    source: PostSource,
    target: Target,
    status: RunStatus,
    *,
    stopped_by: CiceroError | None,
    now: datetime,
) -> Run:
    """Close a client's run with what it brought and cost."""
    client_id, platform = target.client.client_id, source.platform
    store.engagement(platform).recount(client_id, target.first_day, target.last_day)
    posts = store.posts(platform).list(
        client_id, first_day=target.first_day, last_day=target.last_day
    )
    known = [(post.listed, post.total) for post in posts if post.total is not None]
    failure = summarise(target.failures)
    run = Run(
        client_id=client_id,
        platform=platform,
        status=status,
        posts=len(posts),
        new=target.new,
        listed=sum(min(listed, total) for listed, total in known),
        total=sum(total for _, total in known) if known else None,
        finished=target.readings[Reading.FINISHED],
        unmoved=target.readings[Reading.UNMOVED],
        later=target.readings[Reading.LATER],
        unaffordable=target.readings[Reading.UNAFFORDABLE],
        requests=target.meter.requests,
        bytes=target.meter.bytes,
        seconds=(now - (target.started or now)).total_seconds(),
        error=failure.words if failure else None,
        error_code=failure.code if failure else None,
    )
    store.runs.finish(target.run_id, run, now=now)
    until = exhausted_until(stopped_by, now=now)
    store.usage.add(source.host, target.meter, exhausted_until=until, now=now)
    log.info(
        "fetched client=%s platform=%s status=%s posts=%d new=%d requests=%d",
        client_id,
        platform,
        status,
        len(posts),
        target.new,
        target.meter.requests,
    )
    return run


def failure_of(error: CiceroError) -> Failure:
    """What a run keeps of an error."""
    return Failure(error.code, error.message)


def failure_at(post: Post | None, error: CiceroError) -> Failure:
    """The same, of a post's people where it is about one."""
    if post is None:
        return failure_of(error)
    code = "post_not_there" if error.code == "not_there" else error.code
    return Failure(code, Text("post {post}: {reason}", post=post.post_key, reason=error.message))
