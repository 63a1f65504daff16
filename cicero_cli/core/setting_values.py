"""What a setting may hold: each reads a text, or says in a ValueError what was expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cicero_cli.errors import BadValueError
from cicero_cli.words import Language, Text, template

_DAY_MINUTES = 24 * 60
_EVERY_MONTHS_DAYS = 28
_FEWEST_DAYS_KEPT = 90
_SHORTEST_KEY = 32  # bytes: what HS256 wants


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class CalendarTime:
    """A time of one day of each week (0 is Monday), or of one of each month."""

    at: time
    weekday: int | None = None
    month_day: int | None = None

    def on(self, day: date) -> time | None:
        """The time, on a day that is one of them."""
        comes = day.day == self.month_day if self.weekday is None else day.weekday() == self.weekday
        return self.at if comes else None

    def __str__(self) -> str:
        day = f"{self.month_day}." if self.weekday is None else _WEEKDAYS[self.weekday]
        return f"{day} {self.at:%H:%M}"


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


_PARAMETERS_OF_OTHERS = {  # Prisma's and Django's words, which operators copy along
    "pgbouncer": template(
        "leave it out, and put the address of PostgreSQL itself into DATABASE_DIRECT_URL"
    ),
    "schema": template("write ?options=-csearch_path%3DNAME instead"),
    "connection_limit": template("leave it out"),
    "pool_timeout": template("leave it out"),
    "sslaccept": template("leave it out, and write ?sslmode=require"),
}
_HIGHEST_RATE = 10_000  # requests per second


def read_url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadValueError("expected an address such as https://host")
    return raw.rstrip("/")


def read_secret_url(raw: str) -> Secret:
    """An address that is a key in itself."""
    return Secret(read_url(raw))


def read_database_url(raw: str) -> Secret:
    if not raw.startswith(("postgresql://", "postgres://")):
        raise BadValueError("expected postgresql://user:password@host/database")
    authority, _, rest = raw.partition("://")[2].partition("/")
    if authority.count("@") > 1 or "@" in rest.partition("?")[0]:
        # PostgreSQL would look for a host that begins with the rest of the password, and say so
        raise BadValueError("write @ and / in its user or password as %40 and %2F")
    for name, remedy in _PARAMETERS_OF_OTHERS.items():
        if re.search(rf"[?&]{name}=", raw):
            raise BadValueError(
                "?{name}= is not PostgreSQL's: {remedy}", name=name, remedy=Text(remedy)
            )
    return Secret(raw)


def read_path(raw: str) -> Path:
    return Path(raw).expanduser().absolute()


def read_count(raw: str) -> int:
    if not raw.isdecimal() or int(raw) not in range(1, 257):
        raise BadValueError("expected a whole number from 1 to 256")
    return int(raw)


def read_times(raw: str) -> tuple[time, ...]:
    """Times of the day, early ones first: `15:00,18:00`, or `06:30-20:30/60` for every 60 minutes; none for nothing."""
    minutes: set[int] = set()
    for part in filter(None, map(str.strip, raw.split(","))):
        found = re.fullmatch(r"(\d\d?):([0-5]\d)(?:-(\d\d?):([0-5]\d)/(\d{1,4}))?", part)
        hour, minute, last_hour, last_minute, step = map(
            int, found.groups("0") if found else [99] * 5
        )
        first, last = hour * 60 + minute, last_hour * 60 + last_minute
        if step == 0 and found and found[5] is None:
            last, step = first, 1
        if not step > 0 or not first <= last < _DAY_MINUTES:
            raise BadValueError(
                "expected times of the day such as 15:00,18:00 or 06:30-20:30/60, or nothing for never"
            )
        minutes |= set(range(first, last + 1, step))
    return tuple(time(*divmod(minute, 60)) for minute in sorted(minutes))


def read_until(raw: str) -> tuple[time, ...]:
    """The time of the day at which something ends: `17:15`; none for nothing."""
    try:
        times = read_times(raw)
    except ValueError:
        times = (time.min, time.max)
    if len(times) > 1:
        raise BadValueError("expected a time of the day such as 17:15, or nothing for never")
    return times


def read_calendar_times(raw: str) -> tuple[CalendarTime, ...]:
    """Days of the week or of the month with a time: `mon 07:00, 1. 07:00`; none for nothing. Days from 29 on are not in every month."""
    found = []
    for part in filter(None, map(str.strip, raw.lower().split(","))):
        day, _, clock = part.partition(" ")
        try:
            (at,) = read_times(clock)
            if day in _WEEKDAYS:
                found.append(CalendarTime(at, weekday=_WEEKDAYS.index(day)))
            else:
                found.append(CalendarTime(at, month_day=_month_day(day)))
        except ValueError:
            raise BadValueError(
                "expected days with a time such as mon 07:00 or 1. 07:00, or nothing for never"
            ) from None
    return tuple(found)


def _month_day(text: str) -> int:
    number = int(text.removesuffix("."))
    if not text.endswith(".") or not 1 <= number <= _EVERY_MONTHS_DAYS:
        raise ValueError(text)
    return number


def read_rate(raw: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not 0 < value <= _HIGHEST_RATE:
        raise BadValueError("expected a number above 0, such as 5 or 0.5")
    return value


def read_numbers(raw: str) -> tuple[str, ...]:
    """As typed, in every form that a phone cell takes; whether one can exist is judged where it is used."""
    numbers = tuple(part.strip() for part in raw.split(",") if part.strip())
    for number in numbers:
        digits = re.sub(r"[\s+().\-/]", "", number).lstrip("0")
        if not re.fullmatch(r"\d{8,15}", digits) and not number.endswith("@g.us"):
            raise BadValueError("expected phone numbers or group ids, separated by commas")
    return numbers


def read_span(raw: str) -> Span:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?", raw)
    low = float(found[1]) if found else -1.0
    high = float(found[2]) if found and found[2] else low
    if not 0 <= low <= high:
        raise BadValueError("expected seconds such as 5, or a span such as 3-10")
    return Span(low, high)


def read_keep(raw: str) -> int:
    """How many days something is kept, written 400d; a recap of a quarter must find its days."""
    found = re.fullmatch(r"(\d{1,5})d?", raw.strip())
    if not found or int(found[1]) < _FEWEST_DAYS_KEPT:
        raise BadValueError("expected days such as 400d, at least 90d")
    return int(found[1])


def read_gateway(raw: str) -> str:
    if raw not in {"waha", "gowa", "cloud", "file"}:
        raise BadValueError("expected waha, gowa, cloud or file")
    return raw


def read_cap(raw: str) -> int:
    if not raw.isdecimal() or int(raw) < 1:
        raise BadValueError("expected a whole number from 1")
    return int(raw)


def read_language(raw: str) -> Language:
    """The language of the command line."""
    if raw.lower() not in set(Language):
        raise BadValueError("expected en or id")
    return Language(raw.lower())


def read_hours(raw: str) -> Hours:
    try:
        start, end = (time.fromisoformat(part.strip()) for part in raw.split("-"))
    except ValueError:
        raise BadValueError("expected a span of hours such as 21:30-05:00") from None
    return Hours(start, end)


def read_signing_key(raw: str) -> Secret:
    if len(raw.encode()) < _SHORTEST_KEY:
        raise BadValueError(
            "expected at least {shortest} characters that nobody can guess", shortest=_SHORTEST_KEY
        )
    return Secret(raw)


def read_origins(raw: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in raw.split(",") if part.strip())
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
            raise BadValueError(
                "expected origins such as https://dashboard.example, separated by commas"
            )
    return origins


def read_hosts(raw: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in raw.split(",") if part.strip())
    for host in hosts:
        if not re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", host):
            raise BadValueError(
                "expected names of hosts such as cdninstagram.com, separated by commas"
            )
    return hosts


def read_redis_url(raw: str) -> Secret:
    if not raw.startswith(("redis://", "rediss://", "unix://")):
        raise BadValueError("expected redis://host:6379/0")
    return Secret(raw)


def read_switch(raw: str) -> bool:
    word = raw.lower()
    if word not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        raise BadValueError("expected 1 or 0")
    return word in {"1", "true", "yes", "on"}
