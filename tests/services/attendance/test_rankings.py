"""Rankings over New Year, a transfer and a change of threshold: the figures of the recap, in the order of who leads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cicero_cli.domain.attendance.ranking import EVERYTHING, Choice, Ranking, choose
from cicero_cli.domain.attendance.ranking_rows import RankingKind
from cicero_cli.domain.attendance.ranking_text import RANKING_TEMPLATE
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.laphar import load_template
from cicero_cli.services.attendance.period_recap import choose_period, read_period_recap
from cicero_cli.services.attendance.rankings import read_ranking, write_ranking_report
from cicero_cli.services.attendance.streaks import read_streaks
from tests.services.fakes import at, comments, likes, set_clock, shown

INSTA = Platform.INSTA
FIRST, MONDAY, LAST = date(2026, 12, 14), date(2026, 12, 28), date(2027, 1, 3)
NOW = at("2027-01-03 12:00")
PERSONEL, DIVISI, UNIT = RankingKind.PERSONEL, RankingKind.DIVISI, RankingKind.UNIT
POLRES_A = Client(
    client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_tiktok="polres.a"
)


def _user(user_id: str, nama: str, title: str | None, divisi: str | None) -> User:
    handle = nama.lower()
    return User(
        user_id=user_id, client_id="POLRES_A", nama=nama, title=title, divisi=divisi, insta=handle, tiktok=handle,
    )  # fmt: skip


BUDI = _user("1", "Budi", "AKP", "SAT LANTAS")
JOKO = _user("2", "Joko", "BRIPKA", "Sat Lantas")
CITRA = _user("3", "Citra", "IPDA", "SAT LANTAS")
DEWI = _user("4", "Dewi", "PNS", "BAG OPS")
EKA = replace(_user("5", "Eka", "AKBP", "BAG OPS"), exception=True)
TONO = _user("6", "Tono", "BRIPDA", None)


@pytest.fixture
def unit(store: Store) -> Client:
    """A post a day on Instagram from 14 December on, but on 25 December; 31 December was never fetched. Three on TikTok in the new year's week.

    Budi does everything, Joko from 28 December on, Citra every other day, Dewi nothing. Citra goes to BAG OPS on the 30th, when the
    threshold rises, Dewi to POLRES_B on 1 January; Budi is on leave on the 20th, Tono from the 28th on.
    """
    set_clock(store, "2026-12-01 03:00")
    store.clients.add(POLRES_A)
    store.clients.add(replace(POLRES_A, client_id="POLRES_B", nama="Polres B", client_insta=None, client_tiktok=None))  # fmt: skip
    for user in (BUDI, JOKO, CITRA, DEWI, EKA, TONO):
        store.users.add(user)
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        set_clock(store, f"{day} 03:00")
        if day == date(2026, 12, 30):
            store.users.update(replace(CITRA, divisi="BAG OPS"))
            store.clients.update(replace(POLRES_A, threshold=1.0))
        if day == date(2027, 1, 1):
            store.users.update(replace(DEWI, client_id="POLRES_B"))
        if day == date(2026, 12, 31):
            continue
        who = ["budi", *(["joko"] if day >= MONDAY else []), *(["citra"] if number % 2 else [])]
        for platform in Platform:
            store.posts(platform).remember_listing("POLRES_A", day, day, now=at(f"{day} 08:00"))
            is_posted = (
                day != date(2026, 12, 25)
                if platform is INSTA
                else day in {MONDAY, date(2026, 12, 30), date(2027, 1, 2)}
            )
            if is_posted:
                post(store, platform, day, who)
    store.history.add_leave("1", date(2026, 12, 20), date(2026, 12, 20), "cuti", None)
    store.history.add_leave("6", MONDAY, LAST, "cuti", None)
    set_clock(store, "2027-01-03 03:00")
    found = store.clients.get("POLRES_A")
    assert found is not None
    return found


def post(store: Store, platform: Platform, day: date, who: list[str]) -> None:
    read = at(f"{day} 08:00")
    store.posts(platform).store("POLRES_A", [shown(f"{platform}{day}", f"{day} 01:00")], now=read)
    (only,) = store.posts(platform).list("POLRES_A", first_day=day, last_day=day)
    store.engagement(platform).store(
        only.post_id, likes(*who) if platform is INSTA else comments(*who), now=read
    )


def ranking_of(
    store: Store,
    client: Client,
    kind: RankingKind,
    *,
    scope: Scope = Scope.SEMUA,
    choice: Choice = EVERYTHING,
    period: str = "minggu",
) -> Ranking:
    return read_ranking(
        store, client, kind, scope, choose_period(client, period, now=NOW), choice=choice, now=NOW
    )


def test_a_ranking_has_the_figures_of_the_recap(store: Store, unit: Client) -> None:
    period = choose_period(unit, "minggu", now=NOW)
    recaps = [read_period_recap(store, unit, platform, period) for platform in Platform]
    expected: dict[RankingKind, dict[str, list[int]]] = {
        kind: defaultdict(lambda: [0, 0]) for kind in RankingKind
    }
    for recap in recaps:
        for user in recap.users:
            _add(expected[PERSONEL][user.user_id], user.done, user.total)
        for division in recap.divisions:
            _add(expected[DIVISI][division_key(division.divisi)], division.done, division.total)
        for one in recap.units:
            _add(expected[UNIT][one.client_id], one.done, one.total)
    for kind, figures in expected.items():
        rows = ranking_of(store, unit, kind).top
        assert {row.id: [row.done, row.total] for row in rows} == {
            key: value for key, value in figures.items() if value[1]
        }
    insta = ranking_of(store, unit, DIVISI, scope=Scope.INSTA)
    assert sum(row.total for row in insta.top) == recaps[0].total


def _add(sums: list[int], done: int, total: int) -> None:
    sums[:] = [sums[0] + done, sums[1] + total]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            PERSONEL,
            """\
Selamat malam, izin melaporkan peringkat personel *Polres A*: like Instagram dan komentar TikTok.
Senin, 28 Desember 2026 s.d. Minggu, 3 Januari 2027
(data per Minggu, 3 Januari 2027, pukul 19.00 WIB)

*PERINGKAT (4 personel)*
1. AKP Budi: 100% (9/9), tetap
1. BRIPKA Joko: 100% (9/9), naik 100,0
3. IPDA Citra: 33,3% (3/9), turun 16,7
4. PNS Dewi: 0% (0/5), tetap

*HARI PENUH BERTURUT-TURUT*
- AKP Budi: 18 hari penuh
- BRIPKA Joko: 6 hari penuh

*PALING NAIK*
- BRIPKA Joko: naik 100,0 poin menjadi 100%

Demikian dilaporkan, terima kasih.
""",
        ),
        (
            DIVISI,
            """\
Selamat malam, izin melaporkan peringkat divisi *Polres A*: like Instagram dan komentar TikTok.
Senin, 28 Desember 2026 s.d. Minggu, 3 Januari 2027
(data per Minggu, 3 Januari 2027, pukul 19.00 WIB)

*PERINGKAT (2 divisi)*
1. SAT LANTAS: 90,5% (19/21), naik 40,5 _(3 personel saja)_
2. BAG OPS: 18,2% (2/11), naik 18,2 _(2 personel saja)_

*PALING NAIK*
- SAT LANTAS: naik 40,5 poin menjadi 90,5%
- BAG OPS: naik 18,2 poin menjadi 18,2%

Demikian dilaporkan, terima kasih.
""",
        ),
    ],
    ids=str,
)
def test_the_message_says_who_leads_and_leaves_the_exempt_out(
    store: Store, unit: Client, kind: RankingKind, expected: str
) -> None:
    report = write_ranking_report(
        store,
        unit,
        kind,
        Scope.SEMUA,
        choose_period(unit, "minggu", now=NOW),
        choice=choose(kind, None, None),
        template=load_template(None, RANKING_TEMPLATE),
        now=NOW,
    )
    assert report.text == expected


def test_a_threshold_or_a_transfer_of_today_leaves_a_past_ranking_as_it_was(
    store: Store, unit: Client
) -> None:
    before = [ranking_of(store, unit, kind) for kind in (PERSONEL, DIVISI)]
    set_clock(store, "2027-01-04 03:00")
    store.clients.update(replace(unit, threshold=0.1))
    store.users.update(replace(CITRA, divisi="SI UM", client_id="POLRES_B"))
    store.users.update(replace(BUDI, exception=True))
    assert [ranking_of(store, unit, kind) for kind in (PERSONEL, DIVISI)] == before


def test_a_streak_is_broken_by_a_missed_day_alone_and_not_by_today(
    store: Store, unit: Client
) -> None:
    everybody = {str(number) for number in range(1, 7)}

    def streaks(*platforms: Platform, today: date = LAST) -> dict[str, int]:
        return read_streaks(store, unit, platforms, LAST, everybody, today=today)

    assert streaks(*Platform) == {"1": 18, "2": 6, "3": 1}
    assert streaks(*Platform, today=LAST + timedelta(days=1)) == {"1": 18, "2": 6}
    assert streaks(Platform.TIKTOK) == {"1": 3, "2": 3, "3": 1}
    assert read_streaks(store, unit, [INSTA], LAST, {"2"}, today=LAST) == {"2": 6}


def test_who_is_behind_is_not_named_where_the_unit_does_not_want_it(
    store: Store, unit: Client
) -> None:
    store.clients.update(replace(unit, name_bottom=False))
    ranking = ranking_of(store, unit, PERSONEL, choice=choose(PERSONEL, 2, 2))
    assert [row.name for row in (*ranking.top, *ranking.bottom)] == ["AKP Budi", "BRIPKA Joko"]
    assert (ranking.count, ranking.withheld) == (4, 2)
    assert len(ranking_of(store, unit, DIVISI).top) == 2
