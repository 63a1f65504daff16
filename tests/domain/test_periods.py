"""Days and moments in the three zones of Indonesia."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.periods import (
    day_bounds,
    format_day_indonesian,
    format_moment_indonesian,
    format_time_indonesian,
    greeting_at,
    last_days,
    local_day,
    parse_day,
    parse_moment,
    zone_abbreviation,
)
from cicero_cli.domain.roster.clients import TIMEZONES

WIB, WITA, WIT = (ZoneInfo(name) for name in TIMEZONES)
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)  # 21.00 WIB

zones = st.sampled_from([WIB, WITA, WIT])
days = st.dates(date(2010, 1, 1), date(2100, 1, 1))
moments = st.floats(
    datetime(2010, 1, 1, tzinfo=UTC).timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()
).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-21", date(2026, 11, 21)),
        (" 2026-11-20 ", date(2026, 11, 20)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2010-01-01", date(2010, 1, 1)),
    ],
)
def test_day_is_read(text: str, day: date) -> None:
    assert parse_day(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "expected a day written YYYY-MM-DD, such as 2026-11-21"),
        ("21-11-2026", "expected a day written YYYY-MM-DD, such as 2026-11-21"),
        ("20261121", "expected a day written YYYY-MM-DD, such as 2026-11-21"),
        ("2026-W47-6", "expected a day written YYYY-MM-DD, such as 2026-11-21"),
        ("2026-11-21T10:00", "expected a day written YYYY-MM-DD, such as 2026-11-21"),
        ("\uff12\uff10\uff12\uff16-11-21", "expected a day written YYYY-MM-DD, such as 2026-11-21"),
        ("2026-02-30", "there is no day 2026-02-30"),
        ("2025-02-29", "there is no day 2025-02-29"),
        ("2026-13-01", "there is no day 2026-13-01"),
        ("0001-01-01", "expected a day since 2010"),
        ("2026-11-22", "expected a day that has come: today is 2026-11-21"),
    ],
)
def test_what_is_no_day_is_said_in_plain_words(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^{complaint}$"):
        parse_day(text, today=TODAY)


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        (WIB, datetime(2026, 11, 20, 17, tzinfo=UTC)),
        (WITA, datetime(2026, 11, 20, 16, tzinfo=UTC)),
        (WIT, datetime(2026, 11, 20, 15, tzinfo=UTC)),
    ],
)
def test_day_begins_and_ends_at_the_midnight_of_its_zone(zone: ZoneInfo, start: datetime) -> None:
    assert day_bounds(TODAY, zone) == (start, start + timedelta(days=1))
    assert local_day(start, zone) == TODAY
    assert local_day(start - timedelta(microseconds=1), zone) == TODAY - timedelta(days=1)


def test_one_moment_lies_in_two_days_of_two_zones() -> None:
    moment = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    assert [local_day(moment, zone).day for zone in (WIB, WITA, WIT)] == [20, 21, 21]


@given(days, zones)
def test_consecutive_days_touch(day: date, zone: ZoneInfo) -> None:
    start, end = day_bounds(day, zone)
    assert start < end == day_bounds(day + timedelta(days=1), zone)[0]


@given(moments, zones)
def test_moment_is_in_exactly_one_day(moment: datetime, zone: ZoneInfo) -> None:
    own = local_day(moment, zone)
    holding = [
        day
        for day in last_days(own + timedelta(days=2), 5)
        if day_bounds(day, zone)[0] <= moment < day_bounds(day, zone)[1]
    ]
    assert holding == [own]


@given(days, st.integers(1, 366))
def test_last_days_end_with_the_day_and_leave_none_out(day: date, count: int) -> None:
    found = last_days(day, count)
    assert len(found) == count
    assert found[-1] == day
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(found))


def test_last_days_cross_a_leap_day() -> None:
    assert last_days(date(2024, 3, 1), 3) == [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
    ]


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("2026-11-21T18:00", WIB, datetime(2026, 11, 21, 11, tzinfo=UTC)),
        ("2026-11-21 18:00", WITA, datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("2026-11-21T18:00:30.25", WIT, datetime(2026, 11, 21, 9, 0, 30, 250_000, tzinfo=UTC)),
        ("2026-11-21T18:00:30", WIT, datetime(2026, 11, 21, 9, 0, 30, tzinfo=UTC)),
        ("2026-11-21T18:00+07:00", WIT, datetime(2026, 11, 21, 11, tzinfo=UTC)),
        ("2026-11-21T11:00Z", WIB, datetime(2026, 11, 21, 11, tzinfo=UTC)),
        ("18:00", WIB, datetime(2026, 11, 21, 11, tzinfo=UTC)),
        ("18.00", WIB, datetime(2026, 11, 21, 11, tzinfo=UTC)),
        ("9:05", WIB, datetime(2026, 11, 21, 2, 5, tzinfo=UTC)),
        ("21:00", WIB, NOW),
    ],
)
def test_moment_is_read_in_the_clients_zone(text: str, zone: ZoneInfo, moment: datetime) -> None:
    found = parse_moment(text, zone, now=NOW)
    assert found == moment
    assert found.tzinfo is zone


def test_time_alone_is_of_the_reported_day() -> None:
    assert parse_moment("23:30", WIB, now=NOW, day=date(2026, 11, 19)) == datetime(
        2026, 11, 19, 16, 30, tzinfo=UTC
    )


def test_time_alone_is_of_the_local_day_not_of_utc() -> None:
    after_midnight = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)  # 00.30 WIT of the 21st
    assert parse_moment("00:10", WIT, now=after_midnight) == datetime(
        2026, 11, 20, 15, 10, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "expected a moment such as 2026-11-21T18:00, or a time such as 18:00"),
        ("2026-11-21", "expected a moment such as 2026-11-21T18:00, or a time such as 18:00"),
        ("yesterday", "expected a moment such as 2026-11-21T18:00, or a time such as 18:00"),
        ("18", "expected a moment such as 2026-11-21T18:00, or a time such as 18:00"),
        ("24:00", "there is no time 24:00"),
        ("10:75", "there is no time 10:75"),
        ("2026-02-30T10:00", "there is no day 2026-02-30"),
        ("0001-01-01T00:00", "expected a day since 2010"),
        ("21:01", "expected a moment that has come: it is 2026-11-21 21:00 WIB"),
        ("2026-11-22T00:00", "expected a moment that has come: it is 2026-11-21 21:00 WIB"),
    ],
)
def test_what_is_no_moment_is_said_in_plain_words(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=f"^{complaint}$"):
        parse_moment(text, WIB, now=NOW)


@given(moments, zones)
def test_moment_survives_being_written_and_read(moment: datetime, zone: ZoneInfo) -> None:
    local = moment.replace(second=0, microsecond=0).astimezone(zone)
    if local.year >= 2010:
        assert parse_moment(f"{local:%Y-%m-%dT%H:%M}", zone, now=moment) == local


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 2), "Senin, 2 November 2026"),
        (date(2026, 11, 3), "Selasa, 3 November 2026"),
        (date(2026, 8, 5), "Rabu, 5 Agustus 2026"),
        (date(2026, 1, 1), "Kamis, 1 Januari 2026"),
        (date(2026, 5, 1), "Jumat, 1 Mei 2026"),
        (date(2026, 11, 21), "Sabtu, 21 November 2026"),
        (date(2028, 12, 31), "Minggu, 31 Desember 2028"),
    ],
)
def test_day_is_written_in_indonesian(day: date, text: str) -> None:
    assert format_day_indonesian(day) == text


def test_every_month_has_its_name() -> None:
    names = [format_day_indonesian(date(2026, month, 1)).split()[2] for month in range(1, 13)]
    assert " ".join(names) == (
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    )


@pytest.mark.parametrize(
    ("zone", "time", "moment"),
    [
        (WIB, "21.00 WIB", "Sabtu, 21 November 2026, pukul 21.00 WIB"),
        (WITA, "22.00 WITA", "Sabtu, 21 November 2026, pukul 22.00 WITA"),
        (WIT, "23.00 WIT", "Sabtu, 21 November 2026, pukul 23.00 WIT"),
    ],
)
def test_moment_is_written_with_its_zone(zone: ZoneInfo, time: str, moment: str) -> None:
    assert format_time_indonesian(NOW, zone) == time
    assert format_moment_indonesian(NOW, zone) == moment
    assert time.endswith(zone_abbreviation(zone))


@pytest.mark.parametrize(
    ("hour", "greeting"),
    [
        (0, "Selamat malam"),
        (3, "Selamat malam"),
        (4, "Selamat pagi"),
        (10, "Selamat pagi"),
        (11, "Selamat siang"),
        (14, "Selamat siang"),
        (15, "Selamat sore"),
        (17, "Selamat sore"),
        (18, "Selamat malam"),
        (23, "Selamat malam"),
    ],
)
def test_greeting_fits_the_local_hour(hour: int, greeting: str) -> None:
    assert greeting_at(datetime(2026, 11, 21, hour, 59, tzinfo=WITA).astimezone(UTC), WITA) == (
        greeting
    )
