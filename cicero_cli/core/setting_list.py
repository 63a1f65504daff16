"""Every setting: how it is written, what it means, and what holds without it (docs/settings.md is made from this)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cicero_cli.core.setting_budgets import read_budgets, read_prices
from cicero_cli.core.setting_values import (
    Secret,
    read_calendar_times,
    read_cap,
    read_count,
    read_database_url,
    read_gateway,
    read_hosts,
    read_hours,
    read_keep,
    read_language,
    read_numbers,
    read_origins,
    read_path,
    read_rate,
    read_redis_url,
    read_secret_url,
    read_signing_key,
    read_span,
    read_switch,
    read_times,
    read_until,
    read_url,
)


@dataclass(frozen=True)
class Setting:
    """One setting: how it is written, what it means, and what holds without it."""

    name: str
    read: Callable[[str], Any]
    meaning: str
    default: str | None = None
    is_secret: bool = False
    may_be_blank: bool = False  # set to nothing, it means nothing rather than the default

    @property
    def attribute(self) -> str:
        return self.name.removeprefix("CICERO_").lower()


def _times(name: str, meaning: str, default: str) -> Setting:
    return Setting(
        name, read_times, f"{meaning}; set to nothing: never", default, may_be_blank=True
    )


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "CICERO_LANG",
        read_language,
        "language of the command line, en or id; without it that of the locale",
    ),
    Setting(
        "DATABASE_URL",
        read_database_url,
        "PostgreSQL 15 or later to use instead of the embedded one",
        is_secret=True,
    ),
    Setting(
        "DATABASE_DIRECT_URL",
        read_database_url,
        "the server's own address, where DATABASE_URL leads through a pooler; cicero uses this one",
        is_secret=True,
    ),
    Setting("CICERO_DATA_DIR", read_path, "where the embedded PostgreSQL keeps its data"),
    Setting("RAPIDAPI_KEY", Secret, "the key for both upstream APIs", is_secret=True),
    Setting(
        "CICERO_INSTAGRAM_URL",
        read_url,
        "address of the Instagram API",
        "https://social-api4.p.rapidapi.com",
    ),
    Setting(
        "CICERO_TIKTOK_URL",
        read_url,
        "address of the TikTok API",
        "https://tiktok-api23.p.rapidapi.com",
    ),
    Setting(
        "GOOGLE_SERVICE_ACCOUNT",
        Secret,
        "key of a Google account: JSON or its file",
        is_secret=True,
    ),
    Setting("CICERO_GOOGLE_SHEETS_URL", read_url, "Google's API", "https://sheets.googleapis.com"),
    Setting("CICERO_GOOGLE_DOCS_URL", read_url, "Google's pages", "https://docs.google.com"),
    Setting("CICERO_PARALLEL", read_count, "requests in flight per host", "8"),
    Setting("CICERO_RATE", read_rate, "requests per second and host", "5"),
    Setting(
        "CICERO_BUDGET_REQUESTS",
        read_budgets,
        "requests that fetches may make a day (UTC) or month, by platform, as insta=2000/day,tiktok=150000/month",
        "",
    ),
    Setting(
        "CICERO_BUDGET_MB",
        read_budgets,
        "megabytes that they may take, likewise",
        "",
    ),
    Setting(
        "CICERO_PRICE_REQUEST",
        read_prices,
        "what a request costs, by platform, as insta=0.0005,tiktok=0.0002; for `status --cost`",
        "",
    ),
    Setting("CICERO_PRICE_MB", read_prices, "what a megabyte costs, likewise", ""),
    Setting(
        "CICERO_HANDLE_BUDGET",
        read_cap,
        "requests that one `user check --handles` may cause",
        "100",
    ),
    Setting(
        "CICERO_HANDLE_DAYS",
        read_cap,
        "days before `user check --handles` asks about a handle again",
        "30",
    ),
    Setting("CICERO_TEMPLATES", read_path, "folder with the unit's own wordings of reports"),
    Setting(
        "ADMIN_WHATSAPP", read_numbers, "numbers that get every report, separated by commas", ""
    ),
    _times(
        "CICERO_FETCH_AT",
        "when posts are due to be fetched, in each client's zone",
        "06:30-20:30/60",
    ),
    _times(
        "CICERO_LAPHAR_AT", "when the reports are due, in each client's zone", "15:00,18:00,21:00"
    ),
    _times(
        "CICERO_REMIND_AT", "when the reminders are due, in each client's zone", "12:10,16:10,19:10"
    ),
    Setting(
        "CICERO_REKAP_AT",
        read_calendar_times,
        "when the recaps of the last whole week and month are due, in each client's zone; set to nothing: never",
        "mon 07:00, 1. 07:00",
        may_be_blank=True,
    ),
    Setting(
        "CICERO_TUGAS_UNTIL",
        read_until,
        "until when groups are told of new posts, in each client's zone; set to nothing: never",
        "17:15",
        may_be_blank=True,
    ),
    _times("CICERO_NIGHT_AT", "when the nightly jobs are due, in WIB", "02:00"),
    Setting(
        "CICERO_BACKUP_TO",
        read_path,
        "folder of the backups; without it `backups` in the data folder",
    ),
    Setting(
        "CICERO_KEEP",
        read_keep,
        "how many days are held whole; every night `db prune` removes what is older",
        "400d",
    ),
    Setting("CICERO_BACKUP_KEEP", read_cap, "how many of the newest backups are kept", "14"),
    Setting(
        "CICERO_PING_URL",
        read_secret_url,
        "a health check: each job that cron woke asks this address, /JOB after it, and /fail where it failed",
        is_secret=True,
    ),
    Setting("CICERO_WHATSAPP", read_gateway, "the WhatsApp gateway: waha, gowa, cloud or file"),
    Setting("CICERO_WAHA_URL", read_url, "address of the WAHA server", "http://127.0.0.1:3000"),
    Setting("CICERO_WAHA_KEY", Secret, "its API key", is_secret=True),
    Setting("CICERO_WAHA_SESSION", str, "its session", "default"),
    Setting("CICERO_GOWA_URL", read_url, "address of the gowa server", "http://127.0.0.1:3000"),
    Setting("CICERO_GOWA_USER", str, "its user"),
    Setting("CICERO_GOWA_PASSWORD", Secret, "its password", is_secret=True),
    Setting("CICERO_GOWA_DEVICE", str, "its device id"),
    Setting("CICERO_CLOUD_PHONE_ID", str, "the phone number id at Meta's Cloud API"),
    Setting("CICERO_CLOUD_TOKEN", Secret, "the access token of Meta's Cloud API", is_secret=True),
    Setting(
        "CICERO_CLOUD_VERIFY_TOKEN",
        Secret,
        "any words that Meta shows when it subscribes to the webhook",
        is_secret=True,
    ),
    Setting("CICERO_WA_FILE", read_path, "where CICERO_WHATSAPP=file writes its messages"),
    Setting(
        "CICERO_WA_WEBHOOK_SECRET",
        read_signing_key,
        "signs what gateways report; of Meta's Cloud API the app secret",
        is_secret=True,
    ),
    Setting(
        "CICERO_WA_ANSWERS",
        read_switch,
        "0 leaves alone what people write to the account (CEK, STOP, …)",
        "1",
    ),
    Setting("CICERO_WA_GAP", read_span, "seconds between messages to groups and admins", "3-10"),
    Setting(
        "CICERO_WA_GAP_USER",
        read_span,
        "seconds between reminders and explanations to users",
        "30-60",
    ),
    Setting("CICERO_WA_DAILY_CAP", read_cap, "messages a day from this WhatsApp account", "500"),
    Setting("CICERO_WA_USER_CAP", read_cap, "reminders a day to one user", "3"),
    Setting(
        "CICERO_SELF_CHECK",
        read_switch,
        "1 ends each reminder with a signed link to the person's own page, good for the day; needs CICERO_PUBLIC_URL and JWT_SECRET",
        "0",
    ),
    Setting(
        "CICERO_QUIET_HOURS", read_hours, "when no reminder and no task list is sent", "21:30-05:00"
    ),
    Setting(
        "JWT_SECRET", read_signing_key, "the key that signs the tokens of `serve`", is_secret=True
    ),
    Setting("CORS_ORIGIN", read_origins, "origins of the dashboards, separated by commas", ""),
    Setting(
        "REDIS_URL",
        read_redis_url,
        "Redis for `serve`: what its workers share; nothing needs it",
        is_secret=True,
    ),
    Setting(
        "CICERO_RAPID_BUDGET",
        read_cap,
        "requests to the upstream APIs that one account of the dashboards may cause in an hour",
        "60",
    ),
    Setting(
        "CICERO_IMAGE_HOSTS",
        read_hosts,
        "hosts, and all below them, whose pictures `serve` passes on",
        "cdninstagram.com,fbcdn.net,tiktokcdn.com,tiktokcdn-us.com,tiktokcdn-eu.com,ibyteimg.com",
    ),
    Setting(
        "CICERO_PUBLIC_URL",
        read_url,
        "address of `serve` as browsers see it; without it the one that a request names",
    ),
    Setting(
        "CICERO_LEGACY_PHONE_LOGIN",
        read_switch,
        "1 lets the operator's phone number alone log in, for a transition",
        "0",
    ),
    Setting(
        "CICERO_ALLOW_DUPLICATE_REQUESTS",
        read_switch,
        "1 lets the same write through twice within five minutes",
        "0",
    ),
)
