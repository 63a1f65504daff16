"""Settings: environment variables, or the same names in a `.env` file (docs/settings.md is made from this).

A setting that is wrong is reported together with all others that are; nothing is guessed. `X_FILE` may name a file
that holds the value of secret `X`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cicero_cli.errors import SettingError

_SHORTEST_KEY = 32  # bytes: what HS256 wants


class Secret:
    """A value that never shows itself: only `reveal()` gives it away."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True)
class Span:
    """Seconds between two events, from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True)
class Hours:
    """A span of the local day, which may go past midnight; equal ends are no time at all."""

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def until(self, local: datetime) -> datetime | None:
        """When the span ends that this local time falls into; None outside of it."""
        if local.time() not in self:
            return None
        end = datetime.combine(local.date(), self.end, local.tzinfo)
        return end if end > local else end + timedelta(days=1)


_HIGHEST_RATE = 10_000  # requests per second


def _url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("expected an address such as https://host")
    return raw.rstrip("/")


def _database_url(raw: str) -> Secret:
    if not raw.startswith(("postgresql://", "postgres://")):
        raise ValueError("expected postgresql://user:password@host/database")
    authority, _, rest = raw.partition("://")[2].partition("/")
    if authority.count("@") > 1 or "@" in rest.partition("?")[0]:
        # PostgreSQL would look for a host that begins with the rest of the password, and say so
        raise ValueError("write @ and / in its user or password as %40 and %2F")
    return Secret(raw)


def _path(raw: str) -> Path:
    return Path(raw).expanduser().absolute()


def _count(raw: str) -> int:
    if not raw.isdecimal() or int(raw) not in range(1, 257):
        raise ValueError("expected a whole number from 1 to 256")
    return int(raw)


def _rate(raw: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not 0 < value <= _HIGHEST_RATE:
        raise ValueError("expected a number above 0, such as 5 or 0.5")
    return value


def _numbers(raw: str) -> tuple[str, ...]:
    numbers = tuple(part.strip() for part in raw.split(",") if part.strip())
    for number in numbers:
        if not re.fullmatch(r"\+?\d{8,15}", number) and not number.endswith("@g.us"):
            raise ValueError("expected phone numbers or group ids, separated by commas")
    return numbers


def _span(raw: str) -> Span:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?", raw)
    low = float(found[1]) if found else -1.0
    high = float(found[2]) if found and found[2] else low
    if not 0 <= low <= high:
        raise ValueError("expected seconds such as 5, or a span such as 3-10")
    return Span(low, high)


def _gateway(raw: str) -> str:
    if raw not in {"waha", "gowa", "cloud", "file"}:
        raise ValueError("expected waha, gowa, cloud or file")
    return raw


def _cap(raw: str) -> int:
    if not raw.isdecimal() or int(raw) < 1:
        raise ValueError("expected a whole number from 1")
    return int(raw)


def _hours(raw: str) -> Hours:
    try:
        start, end = (time.fromisoformat(part.strip()) for part in raw.split("-"))
    except ValueError:
        raise ValueError("expected a span of hours such as 21:30-05:00") from None
    return Hours(start, end)


def _signing_key(raw: str) -> Secret:
    if len(raw.encode()) < _SHORTEST_KEY:
        raise ValueError(f"expected at least {_SHORTEST_KEY} characters that nobody can guess")
    return Secret(raw)


def _origins(raw: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in raw.split(",") if part.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
            raise ValueError(
                "expected origins such as https://dashboard.example, separated by commas"
            )
    return origins


def _hosts(raw: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in raw.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", host):
            raise ValueError(
                "expected names of hosts such as cdninstagram.com, separated by commas"
            )
    return hosts


def _redis_url(raw: str) -> Secret:
    if not raw.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("expected redis://host:6379/0")
    return Secret(raw)


def _switch(raw: str) -> bool:
    word = raw.lower()
    if word not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        raise ValueError("expected 1 or 0")
    return word in {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class Setting:
    """One setting: how it is written, what it means, and what holds without it."""

    name: str
    read: Callable[[str], Any]
    meaning: str
    default: str | None = None
    is_secret: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "DATABASE_URL",
        _database_url,
        "PostgreSQL 15 or later to use instead of the embedded one",
        is_secret=True,
    ),
    Setting("CICERO_DATA_DIR", _path, "where the embedded PostgreSQL keeps its data"),
    Setting("RAPIDAPI_KEY", Secret, "the key for both upstream APIs", is_secret=True),
    Setting(
        "CICERO_INSTAGRAM_URL",
        _url,
        "address of the Instagram API",
        "https://social-api4.p.rapidapi.com",
    ),
    Setting(
        "CICERO_TIKTOK_URL",
        _url,
        "address of the TikTok API",
        "https://tiktok-api23.p.rapidapi.com",
    ),
    Setting("CICERO_PARALLEL", _count, "requests in flight per host", "8"),
    Setting("CICERO_RATE", _rate, "requests per second and host", "5"),
    Setting("CICERO_TEMPLATES", _path, "folder with the unit's own wordings of reports"),
    Setting("ADMIN_WHATSAPP", _numbers, "numbers that get every report, separated by commas", ""),
    Setting("CICERO_WHATSAPP", _gateway, "the WhatsApp gateway: waha, gowa, cloud or file"),
    Setting("CICERO_WAHA_URL", _url, "address of the WAHA server", "http://127.0.0.1:3000"),
    Setting("CICERO_WAHA_KEY", Secret, "its API key", is_secret=True),
    Setting("CICERO_WAHA_SESSION", str, "its session", "default"),
    Setting("CICERO_GOWA_URL", _url, "address of the gowa server", "http://127.0.0.1:3000"),
    Setting("CICERO_GOWA_USER", str, "its user"),
    Setting("CICERO_GOWA_PASSWORD", Secret, "its password", is_secret=True),
    Setting("CICERO_GOWA_DEVICE", str, "its device id"),
    Setting("CICERO_CLOUD_PHONE_ID", str, "the phone number id at Meta's Cloud API"),
    Setting("CICERO_CLOUD_TOKEN", Secret, "the access token of Meta's Cloud API", is_secret=True),
    Setting("CICERO_WA_FILE", _path, "where CICERO_WHATSAPP=file writes its messages"),
    Setting(
        "CICERO_WA_WEBHOOK_SECRET", Secret, "the key that signs the gateway's acks", is_secret=True
    ),
    Setting("CICERO_WA_GAP", _span, "seconds between messages to groups and admins", "3-10"),
    Setting("CICERO_WA_GAP_USER", _span, "seconds between reminders to users", "30-60"),
    Setting("CICERO_WA_DAILY_CAP", _cap, "messages a day from this WhatsApp account", "500"),
    Setting("CICERO_WA_USER_CAP", _cap, "reminders a day to one user", "3"),
    Setting("CICERO_QUIET_HOURS", _hours, "when no reminder is sent", "21:30-05:00"),
    Setting("JWT_SECRET", _signing_key, "the key that signs the tokens of `serve`", is_secret=True),
    Setting("CORS_ORIGIN", _origins, "origins of the dashboards, separated by commas", ""),
    Setting(
        "REDIS_URL",
        _redis_url,
        "Redis for `serve`: what its workers share; nothing needs it",
        is_secret=True,
    ),
    Setting(
        "CICERO_RAPID_BUDGET",
        _cap,
        "requests to the upstream APIs that one account of the dashboards may cause in an hour",
        "60",
    ),
    Setting(
        "CICERO_IMAGE_HOSTS",
        _hosts,
        "hosts, and all below them, whose pictures `serve` passes on",
        "cdninstagram.com,fbcdn.net,tiktokcdn.com,tiktokcdn-us.com,tiktokcdn-eu.com,ibyteimg.com",
    ),
    Setting(
        "CICERO_PUBLIC_URL",
        _url,
        "address of `serve` as browsers see it; without it the one that a request names",
    ),
    Setting(
        "CICERO_LEGACY_PHONE_LOGIN",
        _switch,
        "1 lets the operator's phone number alone log in, for a transition",
        "0",
    ),
    Setting(
        "CICERO_ALLOW_DUPLICATE_REQUESTS",
        _switch,
        "1 lets the same write through twice within five minutes",
        "0",
    ),
)


@dataclass(frozen=True)
class Settings:
    """What the environment and the `.env` file say, checked. A value that is not set and has no default is None."""

    data_dir: Path
    database_url: Secret | None
    rapidapi_key: Secret | None
    instagram_url: str
    tiktok_url: str
    parallel: int
    rate: float
    templates: Path | None
    admin_whatsapp: tuple[str, ...] = field(repr=False)
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
    raw = {**_read_env_file(environ), **environ}
    values: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        try:
            text = _raw_value(setting, raw)
            values[_attribute(setting.name)] = setting.read(text) if text is not None else None
        except ValueError as error:
            problems.append(f"{setting.name}: {error}")
    if problems:
        raise SettingError("; ".join(problems), hint="docs/settings.md lists every setting")
    if values["data_dir"] is None:
        values["data_dir"] = _default_data_dir()
    return Settings(**values)


def _attribute(name: str) -> str:
    return name.removeprefix("CICERO_").lower()


def _raw_value(setting: Setting, raw: Mapping[str, str]) -> str | None:
    text = raw.get(setting.name, "").strip()
    file_name = raw.get(f"{setting.name}_FILE", "").strip() if setting.is_secret else ""
    if file_name and text:
        raise ValueError(f"set either it or {setting.name}_FILE, not both")
    if file_name:
        try:
            text = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{setting.name}_FILE={file_name} cannot be read ({error})") from error
    return text or setting.default


def _read_env_file(environ: Mapping[str, str]) -> dict[str, str]:
    named = environ.get("CICERO_ENV_FILE", "").strip()
    path = Path(named or ".env")
    try:
        is_there = path.is_file()
    except (
        OSError
    ):  # a folder that one may not look into, as after `sudo -u cicero` in somebody's home
        is_there = False
    if not is_there:
        if named:
            raise SettingError(f"CICERO_ENV_FILE={named} is not a file")
        return {}
    from dotenv import dotenv_values  # most runs have no such file; it costs 10 ms

    try:
        read = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} cannot be read ({error})") from error
    return {name: value for name, value in read.items() if value is not None}


def _default_data_dir() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/cicero")  # never under root's home: docs/adr/0002
    from platformdirs import user_data_path

    return user_data_path("cicero")
