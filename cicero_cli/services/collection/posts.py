"""Fetching: the posts of some days, and who liked them or commented, for every client at once.

Requests run in parallel; what they bring is written by this thread alone, post by post, each in one transaction
that is never open while waiting (STYLE rule 7). Whatever ends the run early, what was written stays.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime

from cicero_cli.domain.collection.posts import (
    Engagement,
    Listing,
    Post,
    is_contradicted,
    is_worth_fetching,
)
from cicero_cli.domain.collection.runs import Failure, Run, RunStatus, summarise
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import (
    CiceroError,
    NotAskedError,
    QuotaError,
    SettingError,
    UnstorableError,
    UpstreamError,
)
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.parallel import ask_in_parallel
from cicero_cli.services.collection.plan import Target, choose_targets
from cicero_cli.services.collection.quotas import exhausted_until, refuse_while_exhausted
from cicero_cli.services.ports import PostSource
from cicero_cli.words import Text

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Collected:
    """What a fetch ends with: a run for each client, and the error that stopped the others, if one did."""

    runs: tuple[Run, ...]
    stopped_by: CiceroError | None = None


def collect(
    store: Store,
    source: PostSource,
    clients: Sequence[Client],
    *,
    day: date | None = None,
    days: int = 1,
    parallel: int,
    clock: Callable[[], datetime],
    on_step: Callable[[int, int], None] = lambda _steps, _total: None,
    ignore_quota: bool = False,
) -> Collected:
    """Fetch the last `days` days up to `day` (None: today where the client is) of every client on one platform.

    One client's or post's failure is recorded and the others go on. A used-up quota or a wrong key stops everything.
    BusyError when the same fetch is running; QuotaError when the host said before that nothing is left;
    InputError for a future day, or when no client has an account on this platform.
    """
    targets = choose_targets(store, source, clients, day=day, days=days, now=clock())
    with store.job_lock(f"fetch {source.platform}"):
        if not ignore_quota:
            refuse_while_exhausted(store, source.host, now=clock())
        store.runs.interrupt_abandoned(source.platform)
        return _Collection(store, source, targets, parallel, clock, on_step).run()


_Task = tuple[Target, Post | None]  # without a post: the listing


@dataclass
class _Collection:
    """One fetch under way."""

    store: Store
    source: PostSource
    targets: Sequence[Target]
    parallel: int
    clock: Callable[[], datetime]
    on_step: Callable[
        [int, int], None
    ]  # posts done just now, and posts to be read as far as is known
    known_posts: int = 0
    tasks: deque[_Task] = field(default_factory=deque)  # what is still to be asked
    stopped_by: CiceroError | None = None

    def run(self) -> Collected:
        for target in self.targets:
            target.run_id = self.store.runs.start(
                target.client.client_id, self.source.platform, now=self.clock()
            )
            self._add_task(target, None)
        try:
            ask_in_parallel(
                self.tasks, self._ask, self._receive, parallel=self.parallel, name="fetch"
            )
        except KeyboardInterrupt:
            interrupted = Text("interrupted by the keyboard or a signal")
            self._close_open_runs(Failure("interrupted", interrupted), RunStatus.INTERRUPTED)
            raise
        if self.stopped_by is not None:
            self._close_open_runs(failure_of(self.stopped_by), None)
        runs = tuple(target.result for target in self.targets if target.result is not None)
        return Collected(runs, self.stopped_by)

    def _add_task(self, target: Target, post: Post | None) -> None:
        target.waiting += 1
        self.known_posts += post is not None
        self.tasks.append((target, post))

    def _ask(self, task: _Task) -> Listing | Engagement:
        """In a worker thread: one question to the upstream, nothing of the database."""
        target, post = task
        if self.stopped_by is not None:
            raise NotAskedError(
                "not asked: {reason}", code=self.stopped_by.code, reason=self.stopped_by.message
            )
        if target.started is None:
            target.started = self.clock()
        try:
            if post is None:
                return self.source.list_posts(target.client, since=target.start, meter=target.meter)
            return self.source.read_engagement(post.post_key, meter=target.meter)
        except (QuotaError, SettingError) as error:
            self.stopped_by = self.stopped_by or error  # at once, for those that wait in the pool
            raise

    def _receive(self, task: _Task, future: Future[Listing | Engagement]) -> None:
        target, post = task
        try:
            answer = future.result()
            self._take(target, post, answer)
        except (QuotaError, SettingError, UpstreamError) as error:
            self._note(target, post, error)
        else:
            for problem in answer.problems:
                self._note(target, post, problem)
        target.waiting -= 1
        self.on_step(0 if post is None else 1, self.known_posts)
        if target.waiting == 0:
            self._close_run(target)

    def _note(self, target: Target, post: Post | None, error: CiceroError) -> None:
        target.failures.append(_failure_at(post, error))
        if isinstance(error, QuotaError | SettingError):
            self._stop(error)

    def _take(self, target: Target, post: Post | None, answer: Listing | Engagement) -> None:
        if isinstance(answer, Listing):
            self._take_listing(target, answer)
        elif post is not None:
            self._take_engagement(target, post, answer)

    def _take_engagement(self, target: Target, post: Post, answer: Engagement) -> None:
        """Whoever is in the list did it; a list that cannot be whole says nothing about who else did."""
        engagement, now = self.store.engagement(self.source.platform), self.clock()
        is_broken = any(problem.code != "people_unreadable" for problem in answer.problems)
        is_failed = is_broken or is_contradicted(post, answer)
        target.new += engagement.store(post.post_id, answer, is_whole=not is_failed, now=now)
        if is_failed and not answer.problems:
            total = max(answer.total or 0, post.shown_count or 0)
            contradiction = UpstreamError(
                "{listed} of {total} are listed, so it is asked again",
                code="list_contradicted",
                listed=answer.listed,
                total=total,
            )
            target.failures.append(_failure_at(post, contradiction))

    def _stop(self, error: CiceroError) -> None:
        """Ask nothing more of this host; answers that are under way are still taken."""
        self.stopped_by = self.stopped_by or error
        for target, _ in self.tasks:
            target.waiting -= 1
            target.failures.append(
                Failure(error.code, Text("not asked: {reason}", reason=error.message))
            )
        unfinished = {id(target): target for target, _ in self.tasks}
        self.tasks.clear()
        for target in unfinished.values():
            if target.waiting == 0:
                self._close_run(target)

    def _take_listing(self, target: Target, listing: Listing) -> None:
        client_id, now = target.client.client_id, self.clock()
        posts = self.store.posts(self.source.platform)
        days_posts = [
            post for post in listing.posts if target.start <= post.published_at < target.end
        ]
        with self.store.transaction():
            if not self.store.clients.hold(client_id):
                raise UnstorableError(
                    "client {client_id} was removed while it was fetched", client_id=client_id
                )
            posts.store(client_id, days_posts, now=now)
            posts.remember_unreadable(client_id, target.last_day, listing.unreadable, now=now)
            if listing.is_complete:
                posts.remember_listing(client_id, target.first_day, target.last_day, now=now)
                keys = [post.post_key for post in days_posts]
                posts.mark_deleted(
                    client_id, start=target.start, end=target.end, keep=keys, now=now
                )
            if listing.secuid is not None and listing.secuid != target.client.tiktok_secuid:
                self.store.clients.remember_secuid(client_id, listing.secuid)
        target.was_listed = listing.is_complete or bool(days_posts)
        listed_keys = {post.post_key for post in days_posts}
        for post in posts.list(client_id, first_day=target.first_day, last_day=target.last_day):
            if post.post_key in listed_keys and is_worth_fetching(
                post, self.source.platform, now=now
            ):
                self._add_task(target, post)

    def _close_run(self, target: Target) -> None:
        if target.failures:
            status = RunStatus.PARTIAL if target.was_listed else RunStatus.FAILED
        else:
            status = RunStatus.DONE
        self._record(target, status)

    def _close_open_runs(self, failure: Failure, status: RunStatus | None) -> None:
        for target in self.targets:
            if target.result is None:
                target.failures.append(failure)
                if status is None:
                    self._close_run(target)
                else:
                    self._record(target, status)

    def _record(self, target: Target, status: RunStatus) -> None:
        client_id, platform, now = target.client.client_id, self.source.platform, self.clock()
        self.store.engagement(platform).recount(client_id, target.first_day, target.last_day)
        posts = self.store.posts(platform).list(
            client_id, first_day=target.first_day, last_day=target.last_day
        )
        known = [(post.listed, post.total) for post in posts if post.total is not None]
        failure = summarise(target.failures)
        target.result = Run(
            client_id=client_id,
            platform=platform,
            status=status,
            posts=len(posts),
            new=target.new,
            listed=sum(min(listed, total) for listed, total in known),
            total=sum(total for _, total in known) if known else None,
            requests=target.meter.requests,
            bytes=target.meter.bytes,
            seconds=(now - (target.started or now)).total_seconds(),
            error=failure.words if failure else None,
            error_code=failure.code if failure else None,
        )
        self.store.runs.finish(target.run_id, target.result, now=now)
        self.store.usage.add(
            self.source.host,
            target.meter,
            exhausted_until=exhausted_until(self.stopped_by, now=now),
            now=now,
        )
        log.info(
            "fetched client=%s platform=%s status=%s posts=%d new=%d requests=%d",
            client_id,
            platform,
            status,
            len(posts),
            target.new,
            target.meter.requests,
        )


def failure_of(error: CiceroError) -> Failure:
    """What a run keeps of an error."""
    return Failure(error.code, error.message)


def _failure_at(post: Post | None, error: CiceroError) -> Failure:
    if post is None:
        return failure_of(error)
    code = "post_not_there" if error.code == "not_there" else error.code
    return Failure(code, Text("post {post}: {reason}", post=post.post_key, reason=error.message))
