"""One connection to PostgreSQL and the repositories that share it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import psycopg
from psycopg.conninfo import make_conninfo

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.locks import job_lock
from cicero_cli.repositories.database.refusals import (
    merge_options,
    reason_of_driver,
    refused_address,
    refused_connection,
)

if TYPE_CHECKING:
    from cicero_cli.repositories.access.accounts import AccountRepository
    from cicero_cli.repositories.access.audit import AuditRepository
    from cicero_cli.repositories.access.logins import LoginRepository
    from cicero_cli.repositories.access.recent_writes import RecentWriteRepository
    from cicero_cli.repositories.access.refusals import RefusalRepository
    from cicero_cli.repositories.access.sessions import SessionRepository
    from cicero_cli.repositories.attendance.anev import AnevRepository
    from cicero_cli.repositories.attendance.corrections import CorrectionRepository
    from cicero_cli.repositories.attendance.dashboard_lists import DashboardListRepository
    from cicero_cli.repositories.attendance.engagement import EngagementRepository
    from cicero_cli.repositories.attendance.recap import RecapRepository
    from cicero_cli.repositories.attendance.reports import ReportRepository
    from cicero_cli.repositories.collection.any_account import SurveyRepository
    from cicero_cli.repositories.collection.comment_habits import CommentHabitRepository
    from cicero_cli.repositories.collection.posts import PostRepository
    from cicero_cli.repositories.collection.profiles import ProfileRepository
    from cicero_cli.repositories.collection.runs import RunRepository
    from cicero_cli.repositories.collection.usage import UsageRepository
    from cicero_cli.repositories.messaging.gateway_states import GatewayStateRepository
    from cicero_cli.repositories.messaging.outbox import OutboxRepository
    from cicero_cli.repositories.messaging.senders import SenderRepository
    from cicero_cli.repositories.operations.job_slots import JobSlotRepository
    from cicero_cli.repositories.operations.pruning import PruningRepository
    from cicero_cli.repositories.operations.status import StatusRepository
    from cicero_cli.repositories.operations.v2_target import V2TargetRepository
    from cicero_cli.repositories.roster.audiences import AudienceRepository
    from cicero_cli.repositories.roster.clients import ClientRepository
    from cicero_cli.repositories.roster.followed_sheets import FollowedSheetRepository
    from cicero_cli.repositories.roster.heading_choices import HeadingChoiceRepository
    from cicero_cli.repositories.roster.history import HistoryRepository
    from cicero_cli.repositories.roster.merging import MergingRepository
    from cicero_cli.repositories.roster.user_imports import UserImportRepository
    from cicero_cli.repositories.roster.users import UserRepository

# JIT compiles plans that run for milliseconds: it costs ten times what it saves (docs/adr/0003)
CONNECTION_OPTIONS = "-c jit=off -c timezone=UTC"


Connection = psycopg.Connection[tuple[Any, ...]]
Repository = TypeVar("Repository")


class _Noun(Generic[Repository]):
    """A noun's repository, made when it is first asked for."""

    def __init__(self, place: str) -> None:
        self._module, self._class = place.rsplit(".", 1)

    def __set_name__(self, owner: type[Store], name: str) -> None:
        self._name = name

    def __get__(self, store: Store, owner: type[Store]) -> Repository:
        module = import_module(f"cicero_cli.repositories.{self._module}")
        repository: Repository = getattr(module, self._class)(store.connection)
        vars(store)[self._name] = repository  # found first from now on
        return repository


class Store:
    """What cicero knows, by noun. Every statement commits by itself unless `transaction()` is open.

    A noun's repository is imported when it is asked for: a start of cron's needs two or three of them.
    """

    clients: _Noun[ClientRepository] = _Noun("roster.clients.ClientRepository")
    audiences: _Noun[AudienceRepository] = _Noun("roster.audiences.AudienceRepository")
    followed_sheets: _Noun[FollowedSheetRepository] = _Noun(
        "roster.followed_sheets.FollowedSheetRepository"
    )
    heading_choices: _Noun[HeadingChoiceRepository] = _Noun(
        "roster.heading_choices.HeadingChoiceRepository"
    )
    users: _Noun[UserRepository] = _Noun("roster.users.UserRepository")
    merging: _Noun[MergingRepository] = _Noun("roster.merging.MergingRepository")
    history: _Noun[HistoryRepository] = _Noun("roster.history.HistoryRepository")
    user_imports: _Noun[UserImportRepository] = _Noun("roster.user_imports.UserImportRepository")
    runs: _Noun[RunRepository] = _Noun("collection.runs.RunRepository")
    status: _Noun[StatusRepository] = _Noun("operations.status.StatusRepository")
    job_slots: _Noun[JobSlotRepository] = _Noun("operations.job_slots.JobSlotRepository")
    pruning: _Noun[PruningRepository] = _Noun("operations.pruning.PruningRepository")
    comment_habits: _Noun[CommentHabitRepository] = _Noun(
        "collection.comment_habits.CommentHabitRepository"
    )
    usage: _Noun[UsageRepository] = _Noun("collection.usage.UsageRepository")
    outbox: _Noun[OutboxRepository] = _Noun("messaging.outbox.OutboxRepository")
    gateway_states: _Noun[GatewayStateRepository] = _Noun(
        "messaging.gateway_states.GatewayStateRepository"
    )
    senders: _Noun[SenderRepository] = _Noun("messaging.senders.SenderRepository")
    accounts: _Noun[AccountRepository] = _Noun("access.accounts.AccountRepository")
    sessions: _Noun[SessionRepository] = _Noun("access.sessions.SessionRepository")
    logins: _Noun[LoginRepository] = _Noun("access.logins.LoginRepository")
    refusals: _Noun[RefusalRepository] = _Noun("access.refusals.RefusalRepository")
    recent_writes: _Noun[RecentWriteRepository] = _Noun(
        "access.recent_writes.RecentWriteRepository"
    )
    audit: _Noun[AuditRepository] = _Noun("access.audit.AuditRepository")
    recap: _Noun[RecapRepository] = _Noun("attendance.recap.RecapRepository")
    corrections: _Noun[CorrectionRepository] = _Noun("attendance.corrections.CorrectionRepository")
    reports: _Noun[ReportRepository] = _Noun("attendance.reports.ReportRepository")
    dashboard_lists: _Noun[DashboardListRepository] = _Noun(
        "attendance.dashboard_lists.DashboardListRepository"
    )
    profiles: _Noun[ProfileRepository] = _Noun("collection.profiles.ProfileRepository")
    anev: _Noun[AnevRepository] = _Noun("attendance.anev.AnevRepository")
    v2_target: _Noun[V2TargetRepository] = _Noun("operations.v2_target.V2TargetRepository")

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    def surveys(self, platform: Platform) -> SurveyRepository:
        from cicero_cli.repositories.collection.any_account import SurveyRepository

        return SurveyRepository(self.connection, platform)

    def posts(self, platform: Platform) -> PostRepository:
        from cicero_cli.repositories.collection.posts import PostRepository

        return PostRepository(self.connection, platform)

    def engagement(self, platform: Platform) -> EngagementRepository:
        from cicero_cli.repositories.attendance.engagement import EngagementRepository

        return EngagementRepository(self.connection, platform)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Never open while waiting for the network (STYLE rule 7)."""
        with self.connection.transaction():
            yield

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Everything inside is done and counted, and then it never was."""
        with self.connection.transaction(force_rollback=True):
            yield

    @contextmanager
    def job_lock(self, job: str, part: str = "") -> Iterator[None]:
        """One run of `job`, or of one part of it, at a time; BusyError (75) when another run has it."""
        with job_lock(self.connection, job, part):
            yield


def connect(conninfo: str, *, hint: str, timeout_seconds: int = 10) -> psycopg.Connection:
    """Open a connection that commits each statement.

    SettingError when the server refuses the user, password or database; TryLaterError when nothing answers.
    `hint` says where the address came from.
    """
    try:
        return psycopg.connect(
            conninfo,
            autocommit=True,
            connect_timeout=timeout_seconds,
            options=merge_options(conninfo, CONNECTION_OPTIONS),
        )
    except psycopg.ProgrammingError as error:
        raise refused_address(error, hint=hint) from None
    except psycopg.OperationalError as error:
        raise refused_connection(reason_of_driver(error), hint=hint) from error


def connect_beside(connection: psycopg.Connection, database: str) -> psycopg.Connection:
    """Open a connection to another database of the same server, as the same user."""
    password = connection.info.password or None
    conninfo = make_conninfo(connection.info.dsn, dbname=database, password=password)
    return connect(conninfo, hint="")
