"""Fetching profiles for `cicero fetch profile`: those of clients, or of any account that is named."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from cicero_cli.domain.collection.profiles import AnyProfile
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.errors import CiceroError, InputError, QuotaError, SettingError, UpstreamError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.parallel import ask_in_parallel
from cicero_cli.services.collection.quotas import exhausted_until, refuse_while_exhausted
from cicero_cli.services.ports import AccountSource
from cicero_cli.words import Text, reason_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Account:
    """An account whose profile is wanted; `client_id` is None for one that is no client's."""

    username: str
    client_id: str | None = None
    zone: ZoneInfo = HOME_ZONE


@dataclass(frozen=True, kw_only=True)
class ProfileRead:
    """The fields of `fetch profile --json`: what was read of one account, or why it was not."""

    platform: Platform
    username: str
    client_id: str | None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    is_private: bool | None = None
    requests: int = 0
    bytes: int = 0
    error: str | None = None


@dataclass(frozen=True)
class ProfilesRead:
    """One result for each account, and the error that stopped the others, if one did."""

    profiles: tuple[ProfileRead, ...]
    stopped_by: CiceroError | None = None


def choose_accounts(
    platform: Platform, clients: Sequence[Client], username: str | None
) -> list[Account]:
    """The clients' accounts on the platform, or the one that is named; InputError when there is none."""
    if username is not None:
        try:
            handle = normalise_handle(username)
        except ValueError as error:
            raise InputError(
                "--username {username}: {reason}", username=username, reason=reason_of(error)
            ) from error
        if handle is None:
            raise InputError("--username: expected a handle such as @polres.a")
        return [Account(handle)]
    accounts = [
        Account(handle, client.client_id, client.zone)
        for client in clients
        if (handle := client.followed_username(platform)) is not None
    ]
    if not accounts:
        named = ", ".join(client.client_id for client in clients)
        raise InputError(
            "no {platform} account is followed for {client}",
            platform=platform.label,
            client=named or Text("any client"),
        )
    return accounts


def collect_profiles(
    store: Store,
    source: AccountSource,
    accounts: Sequence[Account],
    *,
    parallel: int,
    clock: Callable[[], datetime],
    on_step: Callable[[int, int], None] = lambda _steps, _total: None,
    ignore_quota: bool = False,
) -> ProfilesRead:
    """Read and store the profiles of these accounts; one that fails is named and the others go on.

    A used-up quota, also one that the host told of before, or a wrong key stops everything. BusyError when the same is
    running.
    """
    with store.job_lock(f"fetch profile {source.platform}"):
        stopped_by = None
        try:
            if not ignore_quota:
                refuse_while_exhausted(store, source.host, now=clock())
        except QuotaError as error:
            stopped_by = error
        return _Profiling(store, source, clock, on_step, stopped_by).run(accounts, parallel)


_Task = tuple[Account, Meter]


@dataclass
class _Profiling:
    """One run under way: worker threads ask, this thread stores."""

    store: Store
    source: AccountSource
    clock: Callable[[], datetime]
    on_step: Callable[[int, int], None]
    stopped_by: CiceroError | None = None
    tasks: deque[_Task] = field(default_factory=deque)  # what is still to be asked
    results: dict[Account, ProfileRead] = field(default_factory=dict)
    total: int = 0

    def run(self, accounts: Sequence[Account], parallel: int) -> ProfilesRead:
        self.total = len(accounts)
        if self.stopped_by is None:
            self.tasks.extend((account, Meter()) for account in accounts)
        ask_in_parallel(self.tasks, self._ask, self._receive, parallel=parallel, name="profile")
        for account in accounts:
            if account not in self.results:
                reason = Text(
                    "not asked: {reason}", reason=self.stopped_by.message if self.stopped_by else ""
                )
                self.results[account] = self._failed(account, Meter(), reason)
        return ProfilesRead(tuple(self.results[account] for account in accounts), self.stopped_by)

    def _ask(self, task: _Task) -> AnyProfile:
        account, meter = task
        return self.source.read_profile(account.username, meter=meter)

    def _receive(self, task: _Task, future: Future[AnyProfile]) -> None:
        account, meter = task
        now = self.clock()
        try:
            profile = future.result()
        except (QuotaError, SettingError) as error:
            self.stopped_by = self.stopped_by or error
            self.tasks.clear()
            result = self._failed(account, meter, error.message)
        except UpstreamError as error:
            result = self._failed(account, meter, error.message)
        else:
            self.store.profiles.store(profile, day=local_day(now, account.zone), now=now)
            result = ProfileRead(
                platform=self.source.platform,
                username=profile.username,
                client_id=account.client_id,
                followers=profile.followers,
                following=profile.following,
                posts=profile.posts,
                is_private=profile.is_private,
                requests=meter.requests,
                bytes=meter.bytes,
            )
            log.info("read profile username=%s platform=%s", profile.username, result.platform)
        until = exhausted_until(self.stopped_by, now=now)
        self.store.usage.add(self.source.host, meter, exhausted_until=until, now=now)
        self.results[account] = result
        self.on_step(1, self.total)

    def _failed(self, account: Account, meter: Meter, reason: str) -> ProfileRead:
        return ProfileRead(
            platform=self.source.platform,
            username=account.username,
            client_id=account.client_id,
            requests=meter.requests,
            bytes=meter.bytes,
            error=reason,
        )
