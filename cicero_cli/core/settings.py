"""Settings: environment variables, or the same names in a `.env` file (docs/settings.md is made from this).

A setting that is wrong is reported together with all others that are; nothing is guessed. `X_FILE` may name a file
that holds the value of secret `X`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from cicero_cli.core.env_file import read_env_file
from cicero_cli.core.setting_values import (
    Hours,
    Secret,
    Span,
    read_cap,
    read_count,
    read_database_url,
    read_gateway,
    read_hosts,
    read_hours,
    read_language,
    read_numbers,
    read_origins,
    read_path,
    read_rate,
    read_redis_url,
    read_signing_key,
    read_span,
    read_switch,
    read_times,
    read_url,
)
from cicero_cli.errors import BadValueError, SettingError
from cicero_cli.words import Language, Text, join_texts, reason_of


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
    _times("CICERO_NIGHT_AT", "when the nightly jobs are due, in WIB", "02:00"),
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
    Setting("CICERO_WA_FILE", read_path, "where CICERO_WHATSAPP=file writes its messages"),
    Setting("CICERO_WA_WEBHOOK_SECRET", read_signing_key, "signs gateways' acks", is_secret=True),
    Setting("CICERO_WA_GAP", read_span, "seconds between messages to groups and admins", "3-10"),
    Setting("CICERO_WA_GAP_USER", read_span, "seconds between reminders to users", "30-60"),
    Setting("CICERO_WA_DAILY_CAP", read_cap, "messages a day from this WhatsApp account", "500"),
    Setting("CICERO_WA_USER_CAP", read_cap, "reminders a day to one user", "3"),
    Setting("CICERO_QUIET_HOURS", read_hours, "when no reminder is sent", "21:30-05:00"),
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


@dataclass(frozen=True)
class Settings:
    """What the environment and the `.env` file say, checked. A value that is not set and has no default is None."""

    lang: Language | None
    data_dir: Path
    database_url: Secret | None
    database_direct_url: Secret | None
    rapidapi_key: Secret | None
    instagram_url: str
    tiktok_url: str
    google_service_account: Secret | None
    google_sheets_url: str
    google_docs_url: str
    parallel: int
    rate: float
    templates: Path | None
    admin_whatsapp: tuple[str, ...] = field(repr=False)
    fetch_at: tuple[time, ...]
    laphar_at: tuple[time, ...]
    remind_at: tuple[time, ...]
    night_at: tuple[time, ...]
    whatsapp: str | None
    waha_url: str
    waha_key: Secret | None
    waha_session: str
    gowa_url: str
    gowa_user: str | None
    gowa_password: Secret | None
    gowa_device: str | None
    cloud_phone_id: str | None
    cloud_token: Secret | None
    wa_file: Path | None
    wa_webhook_secret: Secret | None
    wa_gap: Span
    wa_gap_user: Span
    wa_daily_cap: int
    wa_user_cap: int
    quiet_hours: Hours
    jwt_secret: Secret | None
    cors_origin: tuple[str, ...]
    redis_url: Secret | None
    rapid_budget: int
    image_hosts: tuple[str, ...]
    public_url: str | None
    legacy_phone_login: bool
    allow_duplicate_requests: bool

    @property
    def server_url(self) -> Secret | None:
        """Where PostgreSQL is, past any pooler (docs/adr/0023); None for the embedded one."""
        return self.database_direct_url or self.database_url

    def require_rapidapi_key(self) -> Secret:
        """The key for the upstream APIs; SettingError (78) with what to do when there is none."""
        if self.rapidapi_key is None:
            raise SettingError(
                "RAPIDAPI_KEY is not set, so nothing can be fetched",
                hint="put RAPIDAPI_KEY=… into the environment or into .env (rapidapi.com, your app, Security)",
            )
        return self.rapidapi_key

    def require_jwt_secret(self) -> Secret:
        """The key that signs tokens; SettingError (78) with the line that makes one when there is none."""
        if self.jwt_secret is None:
            raise SettingError(
                "JWT_SECRET is not set, so nobody could log in safely",
                hint="put JWT_SECRET=… into the environment or into .env; this makes one: "
                'python -c "import secrets; print(secrets.token_urlsafe(48))"',
            )
        return self.jwt_secret


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Settings from `environ` over the `.env` file; one SettingError names everything that is wrong."""
    raw = {**read_env_file(environ), **environ}
    values: dict[str, Any] = {}
    problems: list[Text] = []
    for setting in SETTINGS:
        try:
            text = _raw_value(setting, raw)
            values[setting.attribute] = setting.read(text) if text is not None else None
        except ValueError as error:
            problems.append(
                Text("{setting}: {reason}", setting=setting.name, reason=reason_of(error))
            )
    if problems:
        raise SettingError(join_texts(problems, "; "), hint="docs/settings.md lists every setting")
    if values["data_dir"] is None:
        values["data_dir"] = _default_data_dir()
    return Settings(**values)


def _raw_value(setting: Setting, raw: Mapping[str, str]) -> str | None:
    text = raw.get(setting.name, "").strip()
    file_name = raw.get(f"{setting.name}_FILE", "").strip() if setting.is_secret else ""
    if file_name and text:
        raise BadValueError("set either it or {setting}_FILE, not both", setting=setting.name)
    if file_name:
        try:
            text = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadValueError(
                "{setting}_FILE={file_name} cannot be read ({reason})",
                setting=setting.name,
                file_name=file_name,
                reason=reason_of(error),
            ) from error
    if setting.may_be_blank and setting.name in raw:
        return text
    return text or setting.default


def _default_data_dir() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/cicero")  # never under root's home: docs/adr/0002
    from platformdirs import user_data_path

    return user_data_path("cicero")
