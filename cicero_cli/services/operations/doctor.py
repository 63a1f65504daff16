"""`cicero doctor`: whether everything that a day needs is in place. Reads and asks, changes nothing and costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from cicero_cli.core.settings import Settings
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.collection.runs import RunStatus
from cicero_cli.domain.operations.findings import Finding, Verdict, name_some
from cicero_cli.domain.periods import HOME_ZONE, in_zone
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.operations.status import read_status
from cicero_cli.words import Text, template


def examine_clients(store: Store, settings: Settings) -> Iterator[Finding]:
    """Whether each active client has an account to follow, users, and somebody who gets its reports."""
    clients = store.clients.list(active_only=True)
    if not clients:
        yield Finding(
            code="no_client",
            area="clients",
            verdict=Verdict.WARN,
            found="there is no active client",
            remedy="cicero client add POLRES_A --nama 'Polres A' --insta polres.a",
        )
        return
    peopled = {user.client_id for user in store.users.list(active=True)}
    lacks: tuple[tuple[str, str, Callable[[Client], bool], str], ...] = (
        (
            "no_account",
            template("no account to follow: {clients}"),
            lambda client: not any(map(client.followed_username, Platform)),
            template("cicero client set CLIENT_ID --insta … --tiktok …"),
        ),
        (
            "no_user",
            template("no active user: {clients}"),
            lambda client: client.client_id not in peopled,
            template("cicero user import people.csv --client CLIENT_ID"),
        ),
        (
            "no_recipient",
            template("nobody who gets its reports: {clients}"),
            lambda client: (
                not (
                    client.client_group
                    or client.client_operator
                    or client.client_super
                    or settings.admin_whatsapp
                )
            ),
            template("cicero client set CLIENT_ID --group … (cicero wa groups)"),
        ),
    )
    is_fine = True
    for code, lack, is_lacking, remedy in lacks:
        lacking = [client.client_id for client in clients if is_lacking(client)]
        if lacking:
            is_fine = False
            yield Finding(
                code=code,
                area="clients",
                verdict=Verdict.WARN,
                found=Text(lack, clients=name_some(lacking)),
                remedy=remedy,
            )
    if is_fine:
        yield Finding(
            code="clients_ready",
            area="clients",
            verdict=Verdict.OK,
            found=Text(
                "{count} active, each with an account, users and recipients", count=len(clients)
            ),
        )


def examine_fetching(store: Store, settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Whether the upstream can be asked, and was."""
    try:
        settings.require_rapidapi_key()
    except CiceroError as error:
        yield failed_finding("fetch", error)
    status = read_status(store, now=now, fetch_at=settings.fetch_at)
    exhausted = [
        host for host in status.hosts if host.exhausted_until and host.exhausted_until > now
    ]
    for host in exhausted:
        yield Finding(
            code="quota",
            area="fetch",
            verdict=Verdict.BAD,
            found=Text(
                "the quota of {host} is used up until {exhausted_until:%Y-%m-%d %H:%M} WIB",
                host=host.host,
                exhausted_until=in_zone(host.exhausted_until, HOME_ZONE),
            ),
            remedy="wait, or raise the plan and fetch with --ignore-quota",
        )
    failed = [
        f"{state.run.client_id} {state.run.platform}"
        for state in status.runs
        if state.run.status == RunStatus.FAILED
    ]
    if failed:
        yield Finding(
            code="run_failed",
            area="fetch",
            verdict=Verdict.WARN,
            found=Text("the last run failed: {names}", names=name_some(failed)),
            remedy="cicero status says why",
        )
    overdue = [
        f"{state.run.client_id} {state.run.platform}" for state in status.runs if state.overdue
    ]
    if overdue:
        yield Finding(
            code="run_overdue",
            area="fetch",
            verdict=Verdict.WARN,
            found=Text(
                "no good run in the last hour of the schedule: {names}", names=name_some(overdue)
            ),
            remedy="is cron running? cicero cron show has its lines",
        )
    if status.runs and not exhausted and not failed and not overdue:
        yield Finding(
            code="fetches_good",
            area="fetch",
            verdict=Verdict.OK,
            found="every last run went well and is recent",
        )


def examine_serving(
    store: Store,
    settings: Settings,
    *,
    is_installed: bool,
    ping_redis: Callable[[], bool | None],
) -> Iterator[Finding]:
    """Whether the dashboards can be served, and who may log in."""
    if settings.jwt_secret is None:
        yield Finding(
            code="serve_unset",
            area="serve",
            verdict=Verdict.OFF,
            found="JWT_SECRET is not set, so no dashboard is served",
            remedy="needed for cicero serve only (docs/operations.md)",
        )
    elif not is_installed:
        yield Finding(
            code="serve_not_installed",
            area="serve",
            verdict=Verdict.BAD,
            found="the extra `serve` is not installed",
            remedy="docs/operations.md, Serving the dashboards",
        )
    else:
        origins = ", ".join(settings.cors_origin)
        yield Finding(
            code="serve_ready",
            area="serve",
            verdict=Verdict.OK,
            found=Text("dashboards at {origins}", origins=origins)
            if origins
            else "the page only: CORS_ORIGIN names no dashboard",
        )
        if not any(
            account.active and account.role is Role.ADMIN for account in store.accounts.list()
        ):
            yield Finding(
                code="no_admin",
                area="serve",
                verdict=Verdict.WARN,
                found="there is no active admin account",
                remedy="cicero account add NAME --role admin",
            )
        answers = ping_redis()
        if answers is not None:
            yield Finding(
                code="redis",
                area="serve",
                verdict=Verdict.OK if answers else Verdict.WARN,
                found="Redis answers"
                if answers
                else "Redis does not answer: everything works, slower",
                remedy="" if answers else "check REDIS_URL, or leave it unset",
            )
    if settings.legacy_phone_login:
        yield Finding(
            code="legacy_login",
            area="serve",
            verdict=Verdict.WARN,
            found="CICERO_LEGACY_PHONE_LOGIN is on: an operator's phone number alone logs in",
            remedy="hand out access codes (cicero account add), then unset it",
        )


def failed_finding(area: str, error: CiceroError) -> Finding:
    """A part that does not work, as its own error says it."""
    return Finding(
        code=error.code, area=area, verdict=Verdict.BAD, found=error.message, remedy=error.hint
    )
