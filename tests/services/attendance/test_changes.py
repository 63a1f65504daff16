"""The laws of reports (DESIGN section 3): what was said stays said, and every difference from it has a reason."""

from __future__ import annotations

import os

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cicero_cli.domain.attendance.absensi import Attendance, Status
from cicero_cli.domain.attendance.changes import Report, UserChange
from cicero_cli.domain.attendance.documents import attendance_document
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.attendance.units import only_unit
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from cicero_cli.services.attendance.changes import list_changes
from tests.services.attendance.moves import MOVES, UNITS, WAITS, World

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
    "post_added": {"post", "gone"},
    "threshold": {"threshold", "threshold since"},
    "leave": {"leave", "merge"},
    "exception": {"exception", "leave", "leave ends", "merge", *_PLACES},
    "facts": {"title", "title since", "divisi", *_PLACES},
    "added": _PLACES,
    "retired": _PLACES,
    "transferred": {"transfer", "transfer since", "import", "undo import", "remove", "add"},
    "audience": _PLACES,
}

OF_OTHERS = {"late", "threshold", "audience", "handle"}


@given(
    platform=st.sampled_from(Platform),
    steps=st.lists(st.tuples(WAITS, MOVES), min_size=12, max_size=24),
)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_a_report_said_stays_said_and_every_difference_from_it_has_a_reason(
    platform: Platform, steps: list, store: Store
) -> None:
    world = World(store, platform)
    for wait, (kind, *words) in steps:
        world.move(wait, kind, *words)
    check(world)


def check(world: World) -> None:
    for report in kept_reports(world):
        said_is_told_again(world, report)
        every_difference_is_named(world, report)


def kept_reports(world: World) -> list[Report]:
    ids = world.store.connection.execute(
        "SELECT report_id FROM report WHERE client_id = ANY (%s) ORDER BY report_id",
        ([world.unit(name) for name in UNITS],),
    )
    return [world.store.reports.get(report_id) for (report_id,) in ids.fetchall()]


def read(world: World, report: Report, *, as_of: bool) -> Attendance:
    client = world.store.clients.get(report.client_id)
    moment = Moment(report.day, report.made_at if as_of else None)
    attendance = read_attendance(world.store, client, world.platform, moment)
    return attendance if report.unit_id is None else only_unit(attendance, report.unit_id)


def said_is_told_again(world: World, report: Report) -> None:
    again = read(world, report, as_of=True)
    assert report.attendances == (again,)
    (said,) = report.attendances
    document = msgspec.json.encode(attendance_document(again))
    assert document == msgspec.json.encode(attendance_document(said)), report.name


def every_difference_is_named(world: World, report: Report) -> None:
    client = world.store.clients.get(report.client_id)
    (changes,) = list_changes(
        world.store, [client], day=None, as_of=report.name,
        scope=Scope(world.platform.value), now=world.now,
    )  # fmt: skip
    assert changes.now == read(world, report, as_of=False)
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
        assert kinds & {"late", "handle", "accepted", "acceptance_ended"}, one
    if was.sudah != now.sudah and (was.done, was.total) == (now.done, now.total) and not is_exempt:
        assert "threshold" in kinds, one
