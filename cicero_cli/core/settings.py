"""Settings: environment variables, or the same names in a `.env` file; `setting_list` has them all.

A setting that is wrong is reported together with all others that are; nothing is guessed. `X_FILE` may name a file
that holds the value of secret `X`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from cicero_cli.core.env_file import read_env_file
from cicero_cli.core.setting_budgets import Budget
from cicero_cli.core.setting_list import SETTINGS, Setting
from cicero_cli.core.setting_values import CalendarTime, Hours, Secret, Span
from cicero_cli.errors import BadValueError, SettingError
from cicero_cli.words import Language, Text, join_texts, reason_of


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
    budget_requests: Mapping[str, Budget]
    budget_mb: Mapping[str, Budget]
    price_request: Mapping[str, float]
    price_mb: Mapping[str, float]
    handle_budget: int
    handle_days: int
    templates: Path | None
    admin_whatsapp: tuple[str, ...] = field(repr=False)
    fetch_at: tuple[time, ...]
    laphar_at: tuple[time, ...]
    remind_at: tuple[time, ...]
    rekap_at: tuple[CalendarTime, ...]
    tugas_until: tuple[time, ...]
    night_at: tuple[time, ...]
    backup_to: Path
    keep: int
    backup_keep: int
    ping_url: Secret | None
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
    cloud_verify_token: Secret | None
    wa_file: Path | None
    wa_webhook_secret: Secret | None
    wa_answers: bool
    wa_gap: Span
    wa_gap_user: Span
    wa_daily_cap: int
    wa_user_cap: int
    self_check: bool
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
    if values["backup_to"] is None:
        values["backup_to"] = values["data_dir"] / "backups"
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
