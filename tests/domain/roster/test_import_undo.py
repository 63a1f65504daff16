from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.import_changes import DaysSince, change_of
from cicero_cli.domain.roster.import_undo import UndoPlan, plan_undo
from cicero_cli.domain.roster.users import User

DAY = date(2026, 11, 20)
ANI = User(user_id="1", client_id="A", nama="Ani", title="AKP", insta="ani")
BUDI = User(user_id="2", client_id="A", nama="Budi", insta="budi")
OF_DAYS = ("nama", "title", "divisi", "jabatan", "insta", "tiktok", "exception", "status")


def days(user: User, first_day: date = DAY, **facts: Any) -> DaysSince:
    known = {name: getattr(user, name) for name in OF_DAYS} | {"leave": None} | facts
    return DaysSince(user_id=user.user_id, first_day=first_day, facts=known)


def undo(before: User | None, after: User, now: User, *spans: DaysSince) -> UndoPlan:
    return plan_undo([change_of(before, after)], {now.user_id: now}, spans or [days(now)], set())


def test_a_value_that_stands_becomes_what_it_was_on_all_days_since() -> None:
    after = replace(ANI, title="IPTU", whatsapp="6281211112222")
    plan = undo(ANI, after, after)
    assert plan.restored == [ANI]
    assert [(patch.until, patch.fields) for patch in plan.patches] == [(None, {"title": "AKP"})]
    assert plan.kept == []


def test_what_somebody_changed_since_stays_from_that_day_on() -> None:
    later = date(2026, 11, 22)
    after = replace(ANI, title="IPTU", divisi="SI UM")
    now = replace(after, title="KOMPOL")
    plan = undo(ANI, after, now, days(after), days(now, later))
    assert plan.restored == [replace(now, divisi=None)]
    assert {patch.until: patch.fields for patch in plan.patches} == {
        later: {"title": "AKP"},
        None: {"divisi": None},
    }
    (kept,) = plan.kept
    assert (kept.nama, kept.field, kept.reason) == (
        "Ani",
        "title",
        "was changed since, and stays",
    )


def test_who_was_new_goes_and_never_was() -> None:
    plan = undo(None, ANI, ANI)
    assert (plan.gone, plan.restored, plan.kept) == ([ANI], [], [])
    assert [(patch.is_new, patch.until, patch.fields) for patch in plan.patches] == [
        (True, None, {"status": False})
    ]


def test_who_was_new_and_was_changed_since_stays() -> None:
    now = replace(ANI, divisi="SI UM")
    plan = undo(None, ANI, now)
    assert (plan.gone, plan.patches) == ([], [])
    assert plan.kept[0].reason == "is new by this import and was changed since (divisi), so stays"
    assert plan.kept_handles == {("1", Platform.INSTA), ("1", Platform.TIKTOK)}


def test_leave_counts_as_a_change_of_who_was_new() -> None:
    plan = undo(None, ANI, ANI, days(ANI), days(ANI, date(2026, 11, 21), leave="cuti"))
    assert plan.gone == []


def test_who_was_new_and_removed_since_never_was_either() -> None:
    removed = days(ANI, date(2026, 11, 23), status=False)
    plan = plan_undo([change_of(None, ANI)], {}, [days(ANI), removed], set())
    assert [(patch.is_new, patch.until) for patch in plan.patches] == [(True, removed.first_day)]
    assert plan.gone == []


def test_a_handle_that_another_has_by_now_does_not_come_back() -> None:
    after = replace(ANI, insta="ani.new")
    other = replace(BUDI, insta="ani")
    plan = plan_undo(
        [change_of(ANI, after)], {"1": after, "2": other}, [days(after), days(other)], set()
    )
    assert plan.restored == [replace(ANI, insta=None)]
    assert plan.kept[0].reason == "ani is Budi's (2) by now, so the user has none"


def test_a_handle_that_somebody_gave_again_since_stays_the_users() -> None:
    after = replace(ANI, insta="ani.new")
    spans = (
        days(after),
        days(replace(ANI, insta="third"), date(2026, 11, 21)),
        days(after, date(2026, 11, 22)),
    )
    plan = undo(ANI, after, after, *spans)
    assert (plan.restored, plan.kept_handles) == ([], {("1", Platform.INSTA)})


def test_two_who_swapped_handles_get_their_own_back() -> None:
    ani, budi = replace(ANI, insta="budi"), replace(BUDI, insta="ani")
    plan = plan_undo(
        [change_of(ANI, ani), change_of(BUDI, budi)],
        {"1": ani, "2": budi},
        [days(ani), days(budi)],
        set(),
    )
    assert (plan.restored, plan.kept) == ([ANI, BUDI], [])


def test_who_belongs_to_another_client_by_now_is_left_there() -> None:
    after = replace(ANI, title="IPTU")
    plan = plan_undo([change_of(ANI, after)], {}, [days(after)], {"1"})
    assert plan.restored == []
    assert [(patch.until, patch.fields) for patch in plan.patches] == [(None, {"title": "AKP"})]
    assert plan.kept[0].field == ""
