from __future__ import annotations

import os
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.core.env_file import read_spoken_language
from cicero_cli.core.setting_budgets import Budget
from cicero_cli.core.setting_list import SETTINGS
from cicero_cli.core.setting_values import Hours, Secret, Span
from cicero_cli.core.settings import load_settings
from cicero_cli.domain.roster.phones import normalise_recipient
from cicero_cli.errors import ExitCode, SettingError

HINT = "docs/settings.md lists every setting"


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings({"CICERO_DATA_DIR": str(tmp_path)})

    expected = {
        "data_dir": tmp_path,
        "database_url": None,
        "rapidapi_key": None,
        "instagram_url": "https://social-api4.p.rapidapi.com",
        "tiktok_url": "https://tiktok-api23.p.rapidapi.com",
        "parallel": 8,
        "rate": 5.0,
        "templates": None,
        "admin_whatsapp": (),
        "whatsapp": None,
        "waha_url": "http://127.0.0.1:3000",
        "waha_session": "default",
        "gowa_url": "http://127.0.0.1:3000",
        "wa_gap": Span(3.0, 10.0),
        "wa_gap_user": Span(30.0, 60.0),
        "wa_daily_cap": 500,
        "wa_user_cap": 3,
        "quiet_hours": Hours(time(21, 30), time(5, 0)),
    }
    assert {name: getattr(settings, name) for name in expected} == expected


def test_all_wrong_settings_are_reported_at_once() -> None:
    with pytest.raises(SettingError) as caught:
        load_settings(
            {
                "DATABASE_URL": "mysql://host/db",
                "CICERO_PARALLEL": "0",
                "CICERO_RATE": "fast",
                "CICERO_WA_GAP": "10-3",
                "CICERO_QUIET_HOURS": "night",
            }
        )

    assert (caught.value.message, caught.value.hint) == (
        "DATABASE_URL: expected postgresql://user:password@host/database; "
        "CICERO_PARALLEL: expected a whole number from 1 to 256; "
        "CICERO_RATE: expected a number above 0, such as 5 or 0.5; "
        "CICERO_WA_GAP: expected seconds such as 5, or a span such as 3-10; "
        "CICERO_QUIET_HOURS: expected a span of hours such as 21:30-05:00",
        HINT,
    )
    assert caught.value.exit_code is ExitCode.SETTING


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("CICERO_PARALLEL", "257"),
        ("CICERO_PARALLEL", "2.5"),
        ("CICERO_RATE", "0"),
        ("CICERO_RATE", "nan"),
        ("CICERO_RATE", "inf"),
        ("CICERO_INSTAGRAM_URL", "social-api4.p.rapidapi.com"),
        ("CICERO_TIKTOK_URL", "http://[::1"),
        ("ADMIN_WHATSAPP", "0812-3456"),
        ("ADMIN_WHATSAPP", "6281234567890;6281234567891"),
        ("CICERO_WHATSAPP", "WAHA"),
        ("CICERO_WA_WEBHOOK_SECRET", "31 characters are not quite eno"),
        ("CICERO_WA_GAP", "-1"),
        ("CICERO_WA_DAILY_CAP", "0"),
        ("CICERO_QUIET_HOURS", "25:00-05:00"),
        ("CICERO_REKAP_AT", "monday 07:00"),
        ("CICERO_REKAP_AT", "mon"),
        ("CICERO_REKAP_AT", "mon 07:00-09:00/60"),
        ("CICERO_REKAP_AT", "31. 07:00"),
        ("CICERO_REKAP_AT", "1 07:00"),
        ("CICERO_TUGAS_UNTIL", "12:00,17:15"),
        ("CICERO_TUGAS_UNTIL", "sore"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, written: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: "):
        load_settings({name: written})


@pytest.mark.parametrize(
    "written", ["0812-3456-7890", "+62 812 3456 7890", "(0812) 3456.7890", "812 3456 7890"]
)
def test_an_admins_number_is_typed_as_in_a_sheet(written: str) -> None:
    settings = load_settings({"ADMIN_WHATSAPP": f"{written}, 120363012345678901@g.us"})

    assert settings.admin_whatsapp == (written, "120363012345678901@g.us")
    assert normalise_recipient(written) == "6281234567890"


def test_recaps_are_due_on_days_of_the_week_or_the_month() -> None:
    times = load_settings({"CICERO_REKAP_AT": "Sun 07:30, 15. 06:00"}).rekap_at
    assert list(map(str, times)) == ["sun 07:30", "15. 06:00"]
    sunday, monday, fifteenth = date(2026, 11, 22), date(2026, 11, 23), date(2026, 12, 15)
    assert [[at.on(day) for at in times] for day in (sunday, monday, fifteenth)] == [
        [time(7, 30), None], [None, None], [None, time(6)],
    ]  # fmt: skip
    assert list(map(str, load_settings({}).rekap_at)) == ["mon 07:00", "1. 07:00"]
    assert load_settings({"CICERO_REKAP_AT": ""}).rekap_at == ()


def test_posts_are_told_until_one_time_of_the_day() -> None:
    assert load_settings({}).tugas_until == (time(17, 15),)
    assert load_settings({"CICERO_TUGAS_UNTIL": "9:00"}).tugas_until == (time(9),)
    assert load_settings({"CICERO_TUGAS_UNTIL": ""}).tugas_until == ()


def test_the_environment_goes_over_the_env_file() -> None:
    Path(".env").write_text("CICERO_RATE=2\nCICERO_PARALLEL=3\n", encoding="utf-8")

    settings = load_settings({"CICERO_RATE": "7"})

    assert (settings.rate, settings.parallel) == (7.0, 3)


def test_a_named_env_file_is_read_instead_of_the_one_here(tmp_path: Path) -> None:
    Path(".env").write_text("CICERO_RATE=2\n", encoding="utf-8")
    named = tmp_path / "cicero.env"
    named.write_text(
        "# rates\nexport CICERO_PARALLEL='3'\nRAPIDAPI_KEY=a$b${c}#d\n", encoding="utf-8"
    )

    settings = load_settings({"CICERO_ENV_FILE": str(named)})

    assert (settings.rate, settings.parallel) == (5.0, 3)
    assert settings.rapidapi_key == Secret("a$b${c}#d")


def test_an_env_file_that_is_named_and_absent_is_an_error() -> None:
    with pytest.raises(SettingError, match=r"^CICERO_ENV_FILE=/nowhere/\.env is not a file$"):
        load_settings({"CICERO_ENV_FILE": "/nowhere/.env"})


def test_an_env_file_that_is_no_text_is_an_error() -> None:
    Path(".env").write_bytes(b"RAPIDAPI_KEY=\xff\xfe\n")

    with pytest.raises(SettingError, match=r"^\.env cannot be read "):
        load_settings({})


def test_an_env_file_that_others_can_write_is_not_believed() -> None:
    path = Path(".env")
    path.write_text("CICERO_RATE=2\n", encoding="utf-8")
    path.chmod(0o664)

    with pytest.raises(SettingError) as caught:
        load_settings({})

    assert (caught.value.message, caught.value.hint) == (
        ".env can be written to by others, so it is not believed",
        f"make sure of what is in it, then run: chown {os.geteuid()} {path.absolute()}"
        f" && chmod go-w {path.absolute()}",
    )


def test_an_env_file_in_a_folder_that_others_can_write_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "cicero.env").write_text("CICERO_RATE=2\n", encoding="utf-8")
    tmp_path.chmod(0o1777)

    with pytest.raises(SettingError, match=f"^the folder {tmp_path} can be written to by others, "):
        load_settings({"CICERO_ENV_FILE": str(tmp_path / "cicero.env")})


def test_an_env_file_behind_a_link_is_judged_where_it_lies(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "env").write_text("CICERO_RATE=2\n", encoding="utf-8")
    (tmp_path / "cicero.env").symlink_to(elsewhere / "env")
    environ = {"CICERO_ENV_FILE": str(tmp_path / "cicero.env")}
    assert load_settings(environ).rate == 2.0

    elsewhere.chmod(0o777)
    with pytest.raises(SettingError, match=f"^the folder {elsewhere} can be written to by others"):
        load_settings(environ)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_an_env_file_of_somebody_else_is_not_believed() -> None:
    Path(".env").write_text("CICERO_RATE=2\n", encoding="utf-8")
    os.chown(".env", 65534, 65534)

    with pytest.raises(
        SettingError, match=r"^\.env belongs to another user \(65534\), so it is not believed$"
    ):
        load_settings({})


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("geheim-1234\n", encoding="utf-8")

    settings = load_settings({"RAPIDAPI_KEY_FILE": str(tmp_path / "key")})

    assert settings.rapidapi_key == Secret("geheim-1234")


def test_a_secret_is_not_taken_from_two_places(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("geheim-1234\n", encoding="utf-8")

    with pytest.raises(SettingError) as caught:
        load_settings({"RAPIDAPI_KEY_FILE": str(tmp_path / "key"), "RAPIDAPI_KEY": "geheim-5678"})

    assert caught.value.message == "RAPIDAPI_KEY: set either it or RAPIDAPI_KEY_FILE, not both"


def test_a_secrets_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(SettingError) as caught:
        load_settings({"DATABASE_URL_FILE": "/nowhere/url"})

    assert caught.value.message == (
        "DATABASE_URL: DATABASE_URL_FILE=/nowhere/url cannot be read "
        "([Errno 2] No such file or directory: '/nowhere/url')"
    )


def test_only_secrets_have_files(tmp_path: Path) -> None:
    (tmp_path / "rate").write_text("1", encoding="utf-8")

    assert load_settings({"CICERO_RATE_FILE": str(tmp_path / "rate")}).rate == 5.0


def test_no_secret_or_number_is_in_the_representation() -> None:
    address = "postgresql://u:geheim@h/d"
    forms = {
        "DATABASE_URL": address,
        "DATABASE_DIRECT_URL": address,
        "REDIS_URL": "redis://:geheim@h:6379/0",
        "CICERO_PING_URL": "https://h/geheim",
    }
    written = {
        setting.name: forms.get(setting.name, "geheim-" * 8)
        for setting in SETTINGS
        if setting.is_secret
    }

    settings = load_settings({**written, "ADMIN_WHATSAPP": "6281234567890"})

    shown = f"{settings} {settings!r} {settings.rapidapi_key}"
    assert "geheim" not in shown
    assert "6281234567890" not in shown
    assert settings.database_url is not None
    assert settings.database_url.reveal() == "postgresql://u:geheim@h/d"


@pytest.mark.parametrize("password", ["ge@heim", "ge/heim", "geh@/eim"])
def test_a_password_that_needs_escaping_is_not_shown(password: str) -> None:
    with pytest.raises(SettingError) as caught:
        load_settings({"DATABASE_URL": f"postgresql://cicero:{password}@127.0.0.1/cicero"})

    assert caught.value.message == (
        "DATABASE_URL: write @ and / in its user or password as %40 and %2F"
    )


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://cicero:ge%40h%2Feim#?:@127.0.0.1:5432/cicero?sslmode=disable",
        "postgres:///cicero?host=/run/postgresql",
        "postgresql://db:5432/cicero?user=cicero@server",
        "postgresql://cicero@[::1]:5432/cicero",
    ],
)
def test_a_database_address_is_kept_as_it_is_written(address: str) -> None:
    assert load_settings({"DATABASE_URL": address}).database_url == Secret(address)


def test_nothing_can_be_fetched_without_a_key() -> None:
    with pytest.raises(SettingError, match=r"^RAPIDAPI_KEY is not set, so nothing can be fetched$"):
        load_settings({"RAPIDAPI_KEY": " "}).require_rapidapi_key()


@pytest.mark.parametrize(
    ("span", "moment", "is_in"),
    [
        (Hours(time(21, 30), time(5)), time(21, 30), True),
        (Hours(time(21, 30), time(5)), time(0, 0), True),
        (Hours(time(21, 30), time(5)), time(5, 0), False),
        (Hours(time(12, 0), time(13)), time(12, 59), True),
        (Hours(time(12, 0), time(13)), time(13, 0), False),
        (Hours(time(12, 0), time(12)), time(12, 0), False),
    ],
)
def test_a_span_of_hours_may_go_past_midnight(span: Hours, moment: time, *, is_in: bool) -> None:
    assert (moment in span) is is_in


def test_quiet_hours_end_in_the_morning_that_follows() -> None:
    quiet, zone = Hours(time(21, 30), time(5)), ZoneInfo("Asia/Makassar")

    def until(day: int, hour: int) -> datetime | None:
        return quiet.until(datetime(2026, 11, day, hour, tzinfo=zone))

    assert until(21, 20) is None
    assert until(21, 22) == until(22, 4) == datetime(2026, 11, 22, 5, tzinfo=zone)
    assert until(22, 5) is None


@pytest.mark.parametrize(
    ("environ", "file", "language"),
    [
        ({}, "CICERO_LANG=id\n", "id"),
        ({"CICERO_LANG": "en"}, "CICERO_LANG=id\n", "en"),
        ({"LANG": "id_ID.UTF-8"}, "", "id"),
        ({"LANG": "id_ID.UTF-8"}, "CICERO_LANG=en\n", "en"),
        ({}, "RAPIDAPI_KEY=x\n", "en"),
    ],
)
def test_the_language_of_the_command_line_is_a_setting_like_others(
    environ: dict[str, str], file: str, language: str, tmp_path: Path
) -> None:
    path = tmp_path / "env"
    path.write_text(file)
    path.chmod(0o600)

    assert read_spoken_language({**environ, "CICERO_ENV_FILE": str(path)}) == language


def test_a_file_that_is_wrong_is_said_by_who_needs_it_and_not_by_the_choice_of_a_language(
    tmp_path: Path,
) -> None:
    environ = {"CICERO_ENV_FILE": str(tmp_path / "absent"), "LANG": "id_ID"}

    assert read_spoken_language(environ) == "id"
    with pytest.raises(SettingError, match="is not a file"):
        load_settings(environ)


def test_a_language_that_cicero_does_not_speak_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="CICERO_LANG: expected en or id"):
        load_settings({"CICERO_LANG": "fr", "CICERO_DATA_DIR": str(tmp_path)})


def test_budgets_and_prices_are_by_platform() -> None:
    budgets = load_settings(
        {"CICERO_BUDGET_REQUESTS": "insta=2000/day, TikTok=5000/day,tiktok=9/month"}
    )
    prices = load_settings({"CICERO_PRICE_MB": "0.001,tiktok=0.002"}).price_mb

    assert budgets.budget_requests == {"insta": Budget(2000), "tiktok": Budget(5000, 9)}
    assert prices == {"insta": 0.001, "tiktok": 0.002}
    assert load_settings({}).budget_mb == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("CICERO_BUDGET_REQUESTS", "2000/day"),
        ("CICERO_BUDGET_MB", "insta=0/day"),
        ("CICERO_BUDGET_MB", "insta=10/week"),
        ("CICERO_PRICE_MB", "facebook=1"),
        ("CICERO_PRICE_REQUEST", "insta=-1"),
        ("CICERO_PRICE_REQUEST", "nan"),
    ],
)
def test_a_budget_or_price_that_is_none_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=name):
        load_settings({name: text})
