"""One connection to PostgreSQL and the repositories that share it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

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
    from cicero_cli.repositories.collection.posts import PostRepository
    from cicero_cli.repositories.collection.profiles import ProfileRepository
    from cicero_cli.repositories.collection.runs import RunRepository
    from cicero_cli.repositories.collection.usage import UsageRepository
    from cicero_cli.repositories.messaging.gateway_states import GatewayStateRepository
    from cicero_cli.repositories.messaging.outbox import OutboxRepository
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


class Store:
    """What cicero knows, by noun. Every statement commits by itself unless `transaction()` is open.

    A noun's repository is imported when it is asked for: a start of cron's needs two or three of them.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection

    @cached_property
    def clients(self) -> ClientRepository:
        from cicero_cli.repositories.roster.clients import ClientRepository

        return ClientRepository(self.connection)

    @cached_property
    def audiences(self) -> AudienceRepository:
        from cicero_cli.repositories.roster.audiences import AudienceRepository

        return AudienceRepository(self.connection)

    @cached_property
    def followed_sheets(self) -> FollowedSheetRepository:
        from cicero_cli.repositories.roster.followed_sheets import FollowedSheetRepository

        return FollowedSheetRepository(self.connection)

    @cached_property
    def heading_choices(self) -> HeadingChoiceRepository:
        from cicero_cli.repositories.roster.heading_choices import HeadingChoiceRepository

        return HeadingChoiceRepository(self.connection)

    @cached_property
    def users(self) -> UserRepository:
        from cicero_cli.repositories.roster.users import UserRepository

        return UserRepository(self.connection)

    @cached_property
    def merging(self) -> MergingRepository:
        from cicero_cli.repositories.roster.merging import MergingRepository

        return MergingRepository(self.connection)

    @cached_property
    def history(self) -> HistoryRepository:
        from cicero_cli.repositories.roster.history import HistoryRepository

        return HistoryRepository(self.connection)

    @cached_property
    def user_imports(self) -> UserImportRepository:
        from cicero_cli.repositories.roster.user_imports import UserImportRepository

        return UserImportRepository(self.connection)

    @cached_property
    def runs(self) -> RunRepository:
        from cicero_cli.repositories.collection.runs import RunRepository

        return RunRepository(self.connection)

    @cached_property
    def status(self) -> StatusRepository:
        from cicero_cli.repositories.operations.status import StatusRepository

        return StatusRepository(self.connection)

    @cached_property
    def job_slots(self) -> JobSlotRepository:
        from cicero_cli.repositories.operations.job_slots import JobSlotRepository

        return JobSlotRepository(self.connection)

    @cached_property
    def pruning(self) -> PruningRepository:
        from cicero_cli.repositories.operations.pruning import PruningRepository

        return PruningRepository(self.connection)

    @cached_property
    def usage(self) -> UsageRepository:
        from cicero_cli.repositories.collection.usage import UsageRepository

        return UsageRepository(self.connection)

    @cached_property
    def outbox(self) -> OutboxRepository:
        from cicero_cli.repositories.messaging.outbox import OutboxRepository

        return OutboxRepository(self.connection)

    @cached_property
    def gateway_states(self) -> GatewayStateRepository:
        from cicero_cli.repositories.messaging.gateway_states import GatewayStateRepository

        return GatewayStateRepository(self.connection)

    @cached_property
    def accounts(self) -> AccountRepository:
        from cicero_cli.repositories.access.accounts import AccountRepository

        return AccountRepository(self.connection)

    @cached_property
    def sessions(self) -> SessionRepository:
        from cicero_cli.repositories.access.sessions import SessionRepository

        return SessionRepository(self.connection)

    @cached_property
    def logins(self) -> LoginRepository:
        from cicero_cli.repositories.access.logins import LoginRepository

        return LoginRepository(self.connection)

    @cached_property
    def refusals(self) -> RefusalRepository:
        from cicero_cli.repositories.access.refusals import RefusalRepository

        return RefusalRepository(self.connection)

    @cached_property
    def recent_writes(self) -> RecentWriteRepository:
        from cicero_cli.repositories.access.recent_writes import RecentWriteRepository

        return RecentWriteRepository(self.connection)

    @cached_property
    def audit(self) -> AuditRepository:
        from cicero_cli.repositories.access.audit import AuditRepository

        return AuditRepository(self.connection)

    @cached_property
    def recap(self) -> RecapRepository:
        from cicero_cli.repositories.attendance.recap import RecapRepository

        return RecapRepository(self.connection)

    @cached_property
    def corrections(self) -> CorrectionRepository:
        from cicero_cli.repositories.attendance.corrections import CorrectionRepository

        return CorrectionRepository(self.connection)

    @cached_property
    def reports(self) -> ReportRepository:
        from cicero_cli.repositories.attendance.reports import ReportRepository

        return ReportRepository(self.connection)

    @cached_property
    def dashboard_lists(self) -> DashboardListRepository:
        from cicero_cli.repositories.attendance.dashboard_lists import DashboardListRepository

        return DashboardListRepository(self.connection)

    @cached_property
    def profiles(self) -> ProfileRepository:
        from cicero_cli.repositories.collection.profiles import ProfileRepository

        return ProfileRepository(self.connection)

    @cached_property
    def anev(self) -> AnevRepository:
        from cicero_cli.repositories.attendance.anev import AnevRepository

        return AnevRepository(self.connection)

    @cached_property
    def v2_target(self) -> V2TargetRepository:
        from cicero_cli.repositories.operations.v2_target import V2TargetRepository

        return V2TargetRepository(self.connection)

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
    def job_lock(self, job: str) -> Iterator[None]:
        """One run of `job` at a time; BusyError (75) when another run has it."""
        with job_lock(self.connection, job):
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
