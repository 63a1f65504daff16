"""The laws of reports, reminders and sums against a slow model; what was said stays said, every difference has a reason."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cicero_cli.domain.attendance.absensi import Attendance, Status, summarise
from cicero_cli.domain.attendance.changes import Report, UserChange
from cicero_cli.domain.attendance.documents import attendance_document
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.attendance.units import only_unit
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.spans import Span
from cicero_cli.repositories.attendance.recap import CommentRow, LikeRow
from cicero_cli.repositories.attendance.sums import DayAsked, SummaryRepository
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.client_spans import ClientSpan, arrays
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from cicero_cli.services.attendance.changes import list_changes
from cicero_cli.services.attendance.recap import read_recap
from cicero_cli.services.messaging.obligations import Asked, Obligations
from tests.services.attendance.model import CALENDAR, Expected, Model
from tests.services.attendance.moves import DAYS, MOVES, UNITS, World

_RECAP = load_queries("recap")
EXAMPLES = int(os.environ.get("CICERO_TEST_EXAMPLES", "10"))  # many more by hand

_HANDLES = {
    "add", "remove", "status", "status since", "transfer", "transfer since", "handle", "handles",
    "was wrong", "merge", "import", "undo import",
}  # fmt: skip
_PLACES = {
    "add", "remove", "status", "status since", "transfer", "transfer since", "divisi", "merge",
    "import", "undo import", "assign", "assignment ends", "under", "under since", "active",
    "audience", "audience_divisi",
}  # fmt: skip
# by what a reason may have come about
CAUSES = {
    "late": {"like"},
    "handle": _HANDLES,
    "accepted": {"accept", "merge"},
    "acceptance_ended": {"accept", "merge"},
    "post_excluded": {"exclude"},
    "post_included": {"exclude"},
    "post_deleted": {"gone"},
    "post_added": {"post", "late post", "gone"},
    "post_moved": {"posts_until since"},
    "threshold": {"threshold", "threshold since"},
    "leave": {"leave", "merge"},
    "exception": {"exception", "leave", "leave ends", "merge", *_PLACES},
    "facts": {"title", "title since", "divisi", *_PLACES},
    "added": _PLACES,
    "retired": _PLACES,
    "transferred": {
        "transfer",
        "transfer since",
        "import",
        "undo import",
        "remove",
        "add",
        "status",
        "status since",
    },
    "audience": _PLACES,
}

OF_OTHERS = {"late", "threshold", "audience", "handle"}


@given(platform=st.sampled_from(Platform), steps=MOVES)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_reports_say_what_is_so_stay_said_and_name_every_difference(
    platform: Platform, steps: list, store: Store
) -> None:
    try_moves(store, platform, steps)


def try_moves(store: Store, platform: Platform, steps: list) -> None:
    model = Model(is_insta=platform is Platform.INSTA)
    world = World(store, platform, told=model.tell)
    for wait, (kind, *words) in steps:
        is_done = world.move(wait, kind, *words)
        if is_done and kind == "report" and not model.is_lost:
            reports_say_what_the_model_says(world, model)
    model.now = world.now
    if not model.is_lost:
        readers_say_what_the_model_says(world, model)
    again: dict[Any, Attendance] = {}
    for report in kept_reports(world):
        said_is_told_again(world, report, again)
        every_difference_is_named(world, report)


def reports_say_what_the_model_says(world: World, model: Model) -> None:
    for report in kept_reports(world):
        if report.made_at == world.now:
            (said,) = report.attendances
            unit = world.name_of(report.client_id)
            expected = model.report(unit, report.day)
            if report.unit_id is not None:
                expected = expected.of_unit(world.name_of(report.unit_id))
            agree(world, said, expected)


def readers_say_what_the_model_says(world: World, model: Model) -> None:
    for name in UNITS:
        client = world.store.clients.get(world.unit(name))
        for day in CALENDAR[6:16]:
            attendance = read_attendance(world.store, client, world.platform, Moment(day, None))
            agree(world, attendance, model.report(name, day))
        if model.clients[name]["active"]:
            sums_say_what_the_model_says(world, model, name)
        day = model.today(name)
        asked = Obligations(world.store).of_unit(client, day)
        assert {
            world.name_of(user_id): {
                world.name_of(one.posted.client.client_id): keys_left(world, one) for one in found
            }
            for user_id, found in asked.items()
        } == model.reminders(name), (name, day)


def sums_say_what_the_model_says(world: World, model: Model, name: str) -> None:
    """Sums of the page, recap, stats and anev: of single days, and of all of them."""
    (choice,) = world.store.recap.choices([world.unit(name)], regional_id=None)
    sums = SummaryRepository(world.store.connection, world.platform)
    for day in DAYS[1:3]:
        expected = model.report(name, day)
        exempt = {
            one.user_id for one in expected.users.values() if one.status is Status.DIKECUALIKAN
        }
        done = {user: len(model.done(user, name, day)) for user in expected.users}
        posts = {"posts": len(expected.posts), "required": expected.required}
        (summary,) = sums.summarise(
            [DayAsked(client_id=choice.client_id, day=day, **posts)]
        ).values() or [summarise([], posts=len(expected.posts))]
        assert summary == expected.summary, (name, day)
        if expected.posts:
            counted = sums.count_sudah(choice.client_id, {day: expected.required})
            assert counted.get(day, (0, 0)) == (expected.summary.sudah, expected.summary.users)
        span = [ClientSpan(choice, Span(day, day))]
        recap = read_recap(world.store, world.platform, span)
        asked = {**arrays(span), "platform": world.platform}
        of_a_span, of_a_day = (
            world.store.connection.execute(_RECAP[name], asked).fetchone()
            for name in ("read_recap", "read_day_recap")
        )
        assert of_a_day == of_a_span
        # the dashboards show the exempt with all of it
        shown = {user: len(expected.posts) if user in exempt else done[user] for user in done}
        assert {world.name_of(row.user_id): done_in(row) for row in recap.rows} == shown
        stats = world.store.recap.stats(span)
        assert (stats.users, stats.insta_posts + stats.tiktok_posts) == (
            len(done),
            len(expected.posts),
        )
        anev = {world.name_of(row.user_id): row for row in world.store.anev.rows(span)}
        assert {user: row.likes + row.comments for user, row in anev.items()} == done
        assert {user for user, row in anev.items() if row.exception} == exempt
    whole = Span(CALENDAR[0], CALENDAR[-1])
    total: dict[str, int] = defaultdict(int)
    stayed: dict[str, bool] = defaultdict(lambda: True)
    for day in CALENDAR:
        for user, one in model.report(name, day).users.items():
            total[user] += len(model.done(user, name, day))
            stayed[user] &= one.status is not Status.DIKECUALIKAN
    month = sums.sum_standings(choice.client_id, whole.first_day, whole.last_day)
    assert {world.name_of(row.user_id): row.done for row in month} == total
    recap = read_recap(world.store, world.platform, [ClientSpan(choice, whole)])
    assert {world.name_of(row.user_id) for row in recap.rows} == {*total}
    for row in recap.rows:
        user = world.name_of(row.user_id)
        assert not stayed[user] or done_in(row) == total[user]
    for person in world.store.anev.rows([ClientSpan(choice, whole)]):
        user = world.name_of(person.user_id)
        assert not stayed[user] or person.likes + person.comments == total[user]


def done_in(row: LikeRow | CommentRow) -> int:
    return row.jumlah_like if isinstance(row, LikeRow) else row.jumlah_komentar


def keys_left(world: World, asked: Asked) -> set[str]:
    ids = {*asked.person.insta, *asked.person.tiktok}
    posts = world.store.corrections.list_posts(
        asked.posted.client.client_id, CALENDAR[0], CALENDAR[-1]
    )
    return {post.post_key for post in posts if post.post_id in ids}


def agree(world: World, said: Attendance, expected: Expected) -> None:
    users = {
        world.name_of(user.user_id): user._replace(
            user_id=world.name_of(user.user_id), client_id=world.name_of(user.client_id)
        )
        for user in said.users
    }
    where = (said.client_id, said.day)
    assert users == expected.users, where
    assert [post.key for post in said.posts] == expected.posts, where
    assert [post.key for post in said.late_posts] == expected.late, where
    assert (said.threshold, said.required) == (expected.threshold, expected.required), where
    assert said.timezone == expected.timezone, where
    assert said.summary == expected.summary, where
    units = said.units and {world.name_of(unit): nama for unit, nama in said.units.items()}
    assert units == expected.units, where
    corrections = {
        (one.post_key, one.user_id and world.name_of(one.user_id)) for one in said.corrections
    }
    assert corrections == expected.corrections, where


def kept_reports(world: World) -> list[Report]:
    ids = world.store.connection.execute(
        "SELECT report_id FROM report WHERE client_id = ANY (%s) ORDER BY report_id",
        ([world.unit(name) for name in UNITS],),
    )
    return [world.store.reports.get(report_id) for (report_id,) in ids.fetchall()]


def said_is_told_again(world: World, report: Report, again: dict[Any, Attendance]) -> None:
    """`again` keeps what was read: the parts of a directorate's report are of one reading."""
    key = (report.client_id, report.day, report.made_at)
    if key not in again:
        client = world.store.clients.get(report.client_id)
        moment = Moment(report.day, report.made_at)
        again[key] = read_attendance(world.store, client, world.platform, moment)
    whole = again[key]
    expected = whole if report.unit_id is None else only_unit(whole, report.unit_id)
    assert report.attendances == (expected,)
    (said,) = report.attendances
    document = msgspec.json.encode(attendance_document(expected))
    assert document == msgspec.json.encode(attendance_document(said)), report.name


def every_difference_is_named(world: World, report: Report) -> None:
    client = world.store.clients.get(report.client_id)
    (changes,) = list_changes(
        world.store, [client], day=None, as_of=report.name,
        scope=Scope(world.platform.value), now=world.now,
    )  # fmt: skip
    was = {user.user_id: user for user in changes.was.users}
    now = {user.user_id: user for user in changes.now.users}
    differing = {key for key in {*was, *now} if was.get(key) != now.get(key)}
    assert {one.user_id for one in changes.users} == differing
    for one in changes.users:
        assert (one.was, one.now) == (was.get(one.user_id), now.get(one.user_id))
        kinds = {reason.kind for reason in one.reasons}
        assert kinds, one
        for kind in kinds:
            about = None if kind in OF_OTHERS or kind.startswith("post_") else one.user_id
            since = world.kinds_since(report.made_at, about)
            assert CAUSES.get(kind, set()) & since, (kind, one, since)
        each_figure_has_its_reason(one, kinds)


def each_figure_has_its_reason(one: UserChange, kinds: set[str]) -> None:
    was, now = one.was, one.now
    if was is None or now is None:
        assert kinds & {"added", "retired", "transferred", "audience"}, (one, kinds)
        return
    exempt = Status.DIKECUALIKAN
    is_exempt = exempt in (was.status, now.status)
    needed = {
        "facts": (was.nama, was.title, was.divisi) != (now.nama, now.title, now.divisi),
        "transferred": was.client_id != now.client_id,
    }
    assert {kind for kind, is_needed in needed.items() if is_needed} <= kinds, (one, kinds)
    if was.username != now.username:
        assert "handle" in kinds, one
    if was.total != now.total:
        assert any(kind.startswith("post_") for kind in kinds), one
    if (was.status is exempt) != (now.status is exempt):
        assert kinds & {"leave", "exception"}, one
    if was.done != now.done and was.total == now.total and not is_exempt:
        assert kinds & {"late", "handle", "accepted", "acceptance_ended", "post_moved"}, one
    if was.sudah != now.sudah and (was.done, was.total) == (now.done, now.total) and not is_exempt:
        assert "threshold" in kinds, one
