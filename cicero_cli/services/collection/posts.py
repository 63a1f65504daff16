"""Fetching: the posts of some days, and who liked them or commented, for every client at once.

Requests run in parallel; what they bring is written by this thread alone, post by post, each in one transaction
that is never open while waiting (STYLE rule 7). Whatever ends the run early, what was written stays.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime

from cicero_cli.domain.collection.budgets import Allowance, weigh_offer
from cicero_cli.domain.collection.posts import (
    Engagement,
    Listing,
    Post,
)
from cicero_cli.domain.collection.readings import Reading
from cicero_cli.domain.collection.runs import Failure, Run, RunStatus
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import (
    CiceroError,
    NotAskedError,
    QuotaError,
    SettingError,
    UpstreamError,
)
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.answers import (
    failure_at,
    failure_of,
    record_run,
    store_engagement,
    store_listing,
)
from cicero_cli.services.collection.parallel import ask_in_parallel
from cicero_cli.services.collection.plan import (
    NeedsOf,
    Target,
    choose_targets,
    needs_now,
)
from cicero_cli.services.collection.questions import Task, choose_affordable
from cicero_cli.services.collection.quotas import refuse_while_exhausted
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
    needs_of: NeedsOf = needs_now,
    allowance: Allowance | None = None,
) -> Collected:
    """Fetch the last `days` days up to `day` (None: today where the client is) of every client on one platform.

    With an `allowance` the listings are read, and of the people who bring most for it. Of the people only what is worth a request is asked (domain/collection/readings.py), by what each client `needs`. Clients that
    share an account are asked once. One client's or post's failure is recorded and the others go on. A used-up quota or a wrong key stops everything.
    BusyError when the same fetch is running; QuotaError when the host said before that nothing is left;
    InputError for a future day, or when no client has an account on this platform.
    """
    targets = choose_targets(
        store, source, clients, day=day, days=days, now=clock(), needs_of=needs_of
    )
    with store.job_lock(f"fetch {source.platform}"):
        if not ignore_quota:
            refuse_while_exhausted(store, source.host, now=clock())
        store.runs.interrupt_abandoned(source.platform)
        return _Collection(store, source, targets, parallel, clock, on_step, allowance).run()


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
    allowance: Allowance | None
    held: list[Task] = field(
        default_factory=list
    )  # until all listings are there, to choose among them
    open_listings: int = 0
    known_posts: int = 0
    tasks: deque[Task] = field(default_factory=deque)  # what is still to be asked
    stopped_by: CiceroError | None = None

    def run(self) -> Collected:
        by_account: dict[str | None, Task] = {}
        for target in self.targets:
            target.run_id = self.store.runs.start(
                target.client.client_id, self.source.platform, now=self.clock()
            )
            username = target.client.followed_username(self.source.platform)
            by_account.setdefault(username, Task([])).askers.append((target, None))
        self.open_listings = len(by_account)
        self._add(by_account.values())
        habits = self.source.habits
        if habits is not None:
            self.store.comment_habits.recall(self.source.host, habits)
        try:
            ask_in_parallel(
                self.tasks,
                self._ask,
                self._receive,
                parallel=self.parallel,
                name="fetch",
                prepare=self._prepare,
            )
        except KeyboardInterrupt:
            interrupted = Text("interrupted by the keyboard or a signal")
            self._close_open_runs(Failure("interrupted", interrupted), RunStatus.INTERRUPTED)
            raise
        if habits is not None:
            self.store.comment_habits.keep(self.source.host, habits, now=self.clock())
        if self.stopped_by is not None:
            self._close_open_runs(failure_of(self.stopped_by), None)
        runs = tuple(target.result for target in self.targets if target.result is not None)
        return Collected(runs, self.stopped_by)

    def _add(self, tasks: Iterable[Task]) -> None:
        for task in tasks:
            self.known_posts += not task.is_listing
            for target, _ in task.askers:
                target.waiting += 1
            (self.tasks if task.offer is None else self.held).append(task)

    def _prepare(self, task: Task) -> None:
        """What is on file, just before it is asked: so no more of it is in memory than is under way."""
        [(target, post), *_] = task.askers
        platform, client_id = self.source.platform, target.client.client_id
        if post is not None:
            if task.is_newer and self.source.habits is not None and self.source.habits.order:
                task.known = self.store.engagement(platform).find_known_comments(post.post_id)
            return
        posts = self.store.posts(platform)
        if posts.listed_at(client_id, target.last_day) is not None:
            known = posts.list(client_id, first_day=target.first_day, last_day=target.last_day)
            task.known_posts = len(known)

    def _ask(self, task: Task) -> Listing | Engagement:
        """In a worker thread: one question to the upstream, nothing of the database."""
        [(target, post), *_] = task.askers
        if self.stopped_by is not None:
            raise NotAskedError(
                "not asked: {reason}", code=self.stopped_by.code, reason=self.stopped_by.message
            )
        for asker, _ in task.askers:
            asker.started = asker.started or self.clock()
        try:
            if post is None:
                return self.source.list_posts(
                    target.client,
                    since=min(asker.start for asker, _ in task.askers),
                    meter=target.meter,
                    known_posts=task.known_posts,
                )
            return self.source.read_engagement(post.post_key, known=task.known, meter=target.meter)
        except (QuotaError, SettingError) as error:
            self.stopped_by = self.stopped_by or error  # at once, for those that wait in the pool
            raise

    def _receive(self, task: Task, future: Future[Listing | Engagement]) -> None:
        found: dict[str, Task] = {}
        for target, post in task.askers:
            try:
                answer = future.result()
                self._take(target, post, answer, found)
            except (QuotaError, SettingError, UpstreamError) as error:
                self._note(target, post, error)
            else:
                for problem in answer.problems:
                    self._note(target, post, problem)
        self._add(found.values())
        for target, _ in task.askers:
            target.waiting -= 1
        self.on_step(0 if task.is_listing else 1, self.known_posts)
        if task.is_listing:
            self.open_listings -= 1
            if self.open_listings == 0:
                self._choose_held()
        for target, _ in task.askers:
            if target.waiting == 0 and target.result is None:
                self._close_run(target)

    def _choose_held(self) -> None:
        """Of what has been offered, what the budget covers is asked."""
        if self.allowance is None or self.stopped_by is not None:
            self.tasks += self.held
        else:
            self.tasks += choose_affordable(
                self.store, self.source.platform, self.targets, self.held, self.allowance
            )
        self.held.clear()
        for target in self.targets:
            if target.waiting == 0 and target.result is None:
                self._close_run(target)

    def _note(self, target: Target, post: Post | None, error: CiceroError) -> None:
        target.failures.append(failure_at(post, error))
        if isinstance(error, QuotaError | SettingError):
            self._stop(error)

    def _take(
        self,
        target: Target,
        post: Post | None,
        answer: Listing | Engagement,
        found: dict[str, Task],
    ) -> None:
        """Write the answer down; what a listing gives cause to ask goes to `found`, by the post's key."""
        platform, now = self.source.platform, self.clock()
        if isinstance(answer, Engagement):
            if post is not None:
                store_engagement(self.store, platform, target, post, answer, now=now)
            return
        habits = self.source.habits
        for choice in store_listing(self.store, platform, target, answer, now=now):
            target.readings[choice.reading] += 1
            if choice.reading.is_asked:
                task = found.setdefault(choice.post.post_key, Task([]))
                task.askers.append((target, choice.post))
                task.is_newer = choice.reading is Reading.NEWER and len(task.askers) == 1
                if self.allowance is not None:
                    task.offer = weigh_offer(
                        choice.post,
                        platform,
                        choice.reading,
                        unseen=choice.unseen,
                        page_size=habits.page_size if habits is not None else None,
                    )

    def _stop(self, error: CiceroError) -> None:
        """Ask nothing more of this host; answers that are under way are still taken."""
        self.stopped_by = self.stopped_by or error
        askers = [target for task in (*self.tasks, *self.held) for target, _ in task.askers]
        for target in askers:
            target.waiting -= 1
            target.failures.append(
                Failure(error.code, Text("not asked: {reason}", reason=error.message))
            )
        unfinished = {id(target): target for target in askers}
        self.tasks.clear()
        self.held.clear()
        for target in unfinished.values():
            if target.waiting == 0:
                self._close_run(target)

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
        target.result = record_run(
            self.store, self.source, target, status, stopped_by=self.stopped_by, now=self.clock()
        )
