"""Days and moments, always of a client's own time zone, and how both are written."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cicero_cli.errors import BadValueError

HOME_ZONE = ZoneInfo(
    "Asia/Jakarta"
)  # of what is no client's: an account to send from, a profile of anybody
_CLIENTS_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
_FIRST_YEAR = 2010  # Instagram began then; nothing to report on is older
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"(?:(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ])?"
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:[.,][0-9]{1,6})?))?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_DAY_NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTH_NAMES = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_GREETINGS = ((4, "malam"), (11, "pagi"), (15, "siang"), (18, "sore"))  # until this hour


def parse_day(text: str, *, today: date) -> date:
    """The day written YYYY-MM-DD; ValueError for what is no date, a future one or one before 2010."""
    words = text.strip()
    if not _DAY.fullmatch(words):
        raise BadValueError("expected a day written YYYY-MM-DD, such as 2026-11-21")
    day = _existing_day(words)
    if day > today:
        raise BadValueError("expected a day that has come: today is {today}", today=today)
    return day


def parse_moment(text: str, zone: ZoneInfo, *, now: datetime, day: date | None = None) -> datetime:
    """The moment written YYYY-MM-DDTHH:MM (also with a blank, seconds and their fractions, or an offset) or HH:MM.

    HH:MM is that time of `day` (the local day of `now` without one). The zone's own time unless an offset is given;
    the answer is in the zone either way. ValueError for what is no moment, or one after `now`.
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        raise BadValueError("expected a moment such as 2026-11-21T18:00, or a time such as 18:00")
    moment_day = _existing_day(found["day"]) if found["day"] else day or local_day(now, zone)
    clock = f"{found['hour']:0>2}:{found['minute']}:{found['second'] or '00'}"
    try:
        moment_time = time.fromisoformat(clock + (found["offset"] or "").upper())
    except ValueError:
        raise BadValueError("there is no time {text}", text=text.strip()) from None
    moment = datetime.combine(moment_day, moment_time, moment_time.tzinfo or zone).astimezone(zone)
    if moment > now:
        local_now = now.astimezone(zone)
        raise BadValueError(
            "expected a moment that has come: it is {now:%Y-%m-%d %H:%M} {zone}",
            now=local_now,
            zone=zone_abbreviation(zone),
        )
    return moment


def _existing_day(words: str) -> date:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        raise BadValueError("there is no day {typed}", typed=words) from None
    if day.year < _FIRST_YEAR:
        raise BadValueError("expected a day since {first}", first=_FIRST_YEAR)
    return day


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """The calendar day that `now` (aware) falls on in the zone."""
    return now.astimezone(zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the day's midnight in the zone up to, and without, the next one."""
    return (
        datetime.combine(day, time.min, zone),
        datetime.combine(day + timedelta(days=1), time.min, zone),
    )


def span_bounds(first_day: date, last_day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first day's midnight in the zone up to, and without, the one that ends the last day."""
    return day_bounds(first_day, zone)[0], day_bounds(last_day, zone)[1]


def last_days(day: date, count: int) -> list[date]:
    """The `count` days that end with `day`, oldest first."""
    return [day - timedelta(days=back) for back in range(count - 1, -1, -1)]


def in_zone(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The same moment on the zone's clocks."""
    return None if moment is None else moment.astimezone(zone)


def format_moment(moment: datetime) -> str:
    """`2026-11-21 21:00 WIB`: by the clock of its own zone; in WIB what is in no client's."""
    zone = (
        moment.tzinfo
        if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key in _CLIENTS_ZONES
        else HOME_ZONE
    )
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M} {zone_abbreviation(zone)}"


def zone_abbreviation(zone: ZoneInfo) -> str:
    """WIB, WITA or WIT."""
    return datetime(2026, 1, 1, tzinfo=zone).tzname() or zone.key


def format_day_indonesian(day: date) -> str:
    """As people write it: `Sabtu, 21 November 2026`."""
    return f"{day_name_indonesian(day)}, {day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


def day_name_indonesian(day: date) -> str:
    """Senin to Minggu."""
    return _DAY_NAMES[day.weekday()]


def format_time_indonesian(moment: datetime, zone: ZoneInfo) -> str:
    """The time of day with its zone: `21.00 WIB`."""
    return f"{moment.astimezone(zone):%H.%M} {zone_abbreviation(zone)}"


def format_moment_indonesian(moment: datetime, zone: ZoneInfo) -> str:
    """Day and time: `Sabtu, 21 November 2026, pukul 21.00 WIB`."""
    day = format_day_indonesian(local_day(moment, zone))
    return f"{day}, pukul {format_time_indonesian(moment, zone)}"


def greeting_at(moment: datetime, zone: ZoneInfo) -> str:
    """Selamat pagi from 4, siang from 11, sore from 15, malam from 18 o'clock in the zone."""
    hour = moment.astimezone(zone).hour
    part = next((part for until, part in _GREETINGS if hour < until), "malam")
    return f"Selamat {part}"
