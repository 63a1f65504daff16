"""`user check --handles`: the upstream is asked about handles that no reading has shown, within a budget, the oldest first."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cicero_cli.domain.collection.profiles import AnyProfile
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.user_problems import AccountState, Handle, HandleCheck
from cicero_cli.errors import CiceroError, QuotaError, RejectedError, SettingError, UpstreamError
from cicero_cli.repositories.collection.handle_checks import HandleCheckRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.parallel import ask_in_parallel
from cicero_cli.services.collection.quotas import exhausted_until, refuse_while_exhausted
from cicero_cli.services.ports import AccountSource

log = logging.getLogger(__name__)

_GONE = frozenset({"not_there", "account_unknown"})
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class HandlesChecked:
    """What one run found out, which handles failed and why, and how many are left for another run."""

    checks: list[HandleCheck] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    requests: int = 0
    left: int = 0
    stopped_by: CiceroError | None = None


def choose_handles(
    store: Store, unseen: Collection[Handle], *, again_after: timedelta, now: datetime
) -> list[Handle]:
    """Those of the handles that are to be asked about: never asked first, then the longest ago; not those that were lately."""
    known = HandleCheckRepository(store.connection).find(unseen)
    at = {handle: known[handle].checked_at if handle in known else _NEVER for handle in unseen}
    return sorted(
        (handle for handle in unseen if at[handle] == _NEVER or at[handle] + again_after <= now),
        key=lambda handle: (at[handle], handle),
    )


def check_handles(
    store: Store,
    open_source: Callable[[Platform], AccountSource],
    handles: Sequence[Handle],
    *,
    budget: int,
    parallel: int,
    clock: Callable[[], datetime],
    on_step: Callable[[int, int], None] = lambda _steps, _total: None,
    ignore_quota: bool = False,
) -> HandlesChecked:
    """Ask about as many of the handles as `budget` requests reach, in their order; each answer is kept at once.

    Used-up quota or a wrong key ends it, and what is known by then stays. BusyError when the same is running.
    """
    done = HandlesChecked()
    with store.job_lock("user check handles"):
        HandleCheckRepository(store.connection).forget_strangers()
        chosen = handles[:budget]
        for platform in Platform:
            own = [handle for handle in chosen if handle[0] is platform]
            if not own:
                continue
            source = open_source(platform)
            asking = _Asking(store, source, clock, on_step, done, total=len(chosen))
            asking.run(own, parallel, ignore_quota=ignore_quota)
    done.left = len(handles) - len(done.checks) - len(done.failures)
    return done


_Task = tuple[str, Meter]


@dataclass
class _Asking:
    """One platform's handles under way: worker threads ask, this thread keeps the answers."""

    store: Store
    source: AccountSource
    clock: Callable[[], datetime]
    on_step: Callable[[int, int], None]
    done: HandlesChecked
    total: int
    tasks: deque[_Task] = field(default_factory=deque)
    refused_by: CiceroError | None = None  # of this platform; what is under way then is kept still

    def run(self, handles: Sequence[Handle], parallel: int, *, ignore_quota: bool) -> None:
        try:
            if not ignore_quota:
                refuse_while_exhausted(self.store, self.source.host, now=self.clock())
        except QuotaError as error:
            self.done.stopped_by = self.done.stopped_by or error
            return
        self.tasks.extend((username, Meter()) for _, username in handles)
        ask_in_parallel(self.tasks, self._ask, self._receive, parallel=parallel, name="handles")

    def _ask(self, task: _Task) -> AnyProfile:
        username, meter = task
        return self.source.read_profile(username, meter=meter)

    def _receive(self, task: _Task, future: Future[AnyProfile]) -> None:
        username, meter = task
        now = self.clock()
        try:
            state, called = _judge(username, future.result())
        except (QuotaError, SettingError) as error:
            self.refused_by = self.refused_by or error
            self.done.stopped_by = self.done.stopped_by or error
            self.tasks.clear()
        except RejectedError as error:
            gone = error.code in _GONE
            self._keep(username, AccountState.GONE if gone else AccountState.REFUSED, None, now)
        except UpstreamError as error:
            self.done.failures[f"{self.source.platform} {username}"] = error.message
        else:
            self._keep(username, state, called, now)
        self.done.requests += meter.requests
        for _ in range(min(meter.requests - 1, len(self.tasks))):
            self.tasks.pop()  # a try that was repeated costs the last in line its turn
        until = exhausted_until(self.refused_by, now=now)
        self.store.usage.add(self.source.host, meter, exhausted_until=until, now=now)
        self.on_step(1, self.total)

    def _keep(self, username: str, state: AccountState, called: str | None, now: datetime) -> None:
        check = HandleCheck(
            platform=self.source.platform,
            username=username,
            checked_at=now,
            state=state,
            called=called,
        )
        HandleCheckRepository(self.store.connection).save(check)
        self.done.checks.append(check)
        log.info("checked handle platform=%s state=%s", check.platform, state)


def _judge(username: str, profile: AnyProfile) -> tuple[AccountState, str | None]:
    """What the account of this name is like, and what it is called now where that is another name."""
    if profile.username != username:
        return AccountState.RENAMED, profile.username
    if profile.is_private:
        return AccountState.PRIVATE, None
    return (AccountState.NO_POSTS if profile.posts == 0 else AccountState.OPEN), None
