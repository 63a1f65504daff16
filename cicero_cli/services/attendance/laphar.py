"""Attendance and laphar: what the database knows of a day, judged and worded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cicero_cli.domain.attendance.absensi import Attendance
from cicero_cli.domain.attendance.divisions import only_divisions
from cicero_cli.domain.attendance.documents import attendance_document
from cicero_cli.domain.attendance.laphar import (
    LAPHAR_TEMPLATE,
    Engaged,
    render_laphar,
)
from cicero_cli.domain.attendance.laphar_lines import heading_of
from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.attendance.units import only_unit
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import CiceroError, InputError, SettingError
from cicero_cli.repositories.database.store import Store

if TYPE_CHECKING:
    from jinja2 import Template

    from cicero_cli.domain.attendance.changes import Report
from cicero_cli.services.attendance.absensi import Facts, Moment, find_moment, judge, read_facts
from cicero_cli.services.attendance.changes import reported_attendance
from cicero_cli.services.roster.clients import get_client
from cicero_cli.words import Text, reason_of

# what an expression in a unit's own template may end in, and a file that is not UTF-8
_IN_TEMPLATES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError)


@dataclass(frozen=True)
class Laphar:
    """One client's report: the figures per platform, and the message; `unit_id`, `divisi`: of these people alone.

    `of_day` is the client as it was on the day; `made_at`: when the report is, or was, made.
    """

    client: Client
    attendances: tuple[Attendance, ...]
    text: str
    of_day: Client
    made_at: datetime
    unit_id: str | None = None
    unit_name: str = ""
    divisi: tuple[str, ...] = ()

    @property
    def whose(self) -> str:
        """The unit and divisions whose people alone are reported; empty where they are all."""
        return ", ".join(filter(None, (self.unit_name, *map(heading_of, self.divisi))))


@dataclass(frozen=True)
class Draft:
    """One client's figures of a day, to be worded: in any mode, whole, or of some people alone. Fields as in Laphar."""

    client: Client
    of_day: Client
    attendances: tuple[Attendance, ...]
    made_at: datetime
    template: Template
    engaged: Mapping[Platform, Engaged] | None = None  # for reports per post
    unit: tuple[str, str] | None = None  # its id and name

    def of_unit(self, typed: str) -> Draft:
        """Of this unit's people alone; InputError where that is no unit of the client's audience."""
        unit = _choose_unit(self.attendances, typed)
        only = tuple(only_unit(one, unit[0]) for one in self.attendances)
        return replace(self, attendances=only, unit=unit)

    def word(self, mode: LapharMode, divisi: Sequence[str] = ()) -> Laphar:
        """`divisi`: of their people alone; CiceroError where there are none that day.

        SettingError when the unit's own template asks for something that there is not.
        """
        from cicero_cli.services.attendance.template_folder import of_client

        attendances = self.attendances
        unit_id, unit_name = self.unit or (None, "")
        if divisi:
            attendances = tuple(only_divisions(one, divisi) for one in attendances)
            if not any(one.users for one in attendances):
                raise CiceroError(
                    "nobody of {divisi} is on the roster of {day}",
                    divisi=", ".join(divisi),
                    day=attendances[0].day,
                )
        blank = Laphar(
            self.client, attendances, "", self.of_day, self.made_at,
            unit_id, unit_name, tuple(divisi),
        )  # fmt: skip
        with template_errors():
            text = render_laphar(
                of_client(self.template, self.client.client_id),
                self.of_day,
                attendances,
                moment=self.made_at,
                mode=mode,
                engaged=None if mode is LapharMode.AKUMULASI else self.engaged,
                unit_name=blank.whose,
            )
        return replace(blank, text=text)


def write_laphars(
    store: Store,
    clients: Iterable[Client],
    platforms: Sequence[Platform],
    *,
    day: str | None,
    as_of: str | None,
    load: Callable[[], Template],
    mode: LapharMode,
    per_konten: bool,
    now: datetime,
    unit: str | None = None,
) -> Iterator[Laphar]:
    """The clients' reports one after the other; what is wrong with `--date` or `--as-of` is said before the first.

    `unit`: only of this unit's people; InputError where it is none of the client's audience that day.

    While one report is worded, the database answers for the next; while it does for the first, `load` gets the template.
    """
    moments = [(client, find_moment(store, client, day, as_of, now=now)) for client in clients]

    def read(place: tuple[Client, Moment]) -> list[Facts]:
        client, moment = place
        return [
            read_facts(store, client, platform, moment, per_konten=per_konten)
            for platform in platforms
        ]

    with ThreadPoolExecutor(max_workers=1) as reader:
        reads = deque([reader.submit(read, moments[0])] if moments else [])
        template = load()
        for (client, moment), following in zip_longest(moments, moments[1:]):
            if following is not None:
                reads.append(reader.submit(read, following))
            draft = _draft(client, moment, reads.popleft().result(), template=template, now=now)
            yield (draft.of_unit(unit) if unit is not None else draft).word(mode)


def draft_report(
    store: Store,
    report: Report,
    platforms: Sequence[Platform],
    *,
    template: Template,
    unit: str | None = None,
) -> Draft:
    """A sent report by the figures that it kept, in the words that the template has now; `unit`: of this unit's people alone."""
    client = get_client(store, report.client_id, may_have_ended=True)
    draft = Draft(
        client,
        store.clients.of_day(client, report.day, report.made_at),
        tuple(reported_attendance(report, platform) for platform in platforms),
        report.made_at,
        template,
    )
    if report.unit_id is None:
        return draft if unit is None else draft.of_unit(unit)
    if unit is not None and unit.strip().upper() != report.unit_id:
        raise InputError(
            "{name} is of {unit_id}'s people alone", name=report.name, unit_id=report.unit_id
        )
    its_unit = get_client(store, report.unit_id, may_have_ended=True)
    of_day = store.clients.of_day(its_unit, report.day, report.made_at)
    return replace(draft, unit=(report.unit_id, of_day.nama))


def laphar_document(laphar: Laphar) -> dict[str, Any]:
    """The JSON of `laphar show`: that of `absensi show` and `text`, of one unit its `unit_id`; for both platforms an object with both."""
    documents = {
        attendance.platform.value: attendance_document(attendance)
        for attendance in laphar.attendances
    }
    unit = {} if laphar.unit_id is None else {"unit_id": laphar.unit_id}
    if len(documents) == 1:
        return {**next(iter(documents.values())), **unit, "text": laphar.text}
    return {"client_id": laphar.client.client_id, **unit, **documents, "text": laphar.text}


def draft_laphar(
    store: Store,
    client: Client,
    platforms: Sequence[Platform],
    moment: Moment,
    *,
    template: Template,
    per_konten: bool,
    now: datetime,
) -> Draft:
    """One client's figures, to be worded as a WhatsApp message in Indonesian."""
    facts = [
        read_facts(store, client, platform, moment, per_konten=per_konten) for platform in platforms
    ]
    return _draft(client, moment, facts, template=template, now=now)


def list_present_units(store: Store, draft: Draft, moment: Moment) -> list[str]:
    """The units below, by id, that have people there."""
    client_id = draft.client.client_id
    present = {user.client_id for one in draft.attendances for user in one.users}
    below = store.audiences.units_of_day(client_id, moment.day, moment.as_of).keys()
    return sorted((below & present) - {client_id})


def load_template(own_folder: Path | None, name: str = LAPHAR_TEMPLATE) -> Template:
    """The unit's own template of this name from its folder (CICERO_TEMPLATES), else cicero's.

    SettingError names the line of a template that cannot be read, or who else could have written it.
    """
    # here, because only reports pay for Jinja
    from cicero_cli.services.attendance.template_folder import open_templates

    if own_folder is not None and not own_folder.is_dir():
        raise SettingError("CICERO_TEMPLATES={folder} is not a folder", folder=own_folder)
    with template_errors(name):
        return open_templates(own_folder).get_template(name)


def _draft(
    client: Client, moment: Moment, facts: Sequence[Facts], *, template: Template, now: datetime
) -> Draft:
    return Draft(
        client,
        facts[0].client,
        tuple(judge(moment, one) for one in facts),
        moment.as_of or now,
        template,
        {one.platform: one.engaged for one in facts if one.engaged is not None} or None,
    )


def _choose_unit(attendances: Sequence[Attendance], typed: str) -> tuple[str, str]:
    """The unit's id and name."""
    units = {key: nama for one in attendances for key, nama in (one.units or {}).items()}
    unit_id = typed.strip().upper()
    if unit_id not in units:
        raise InputError(
            "--unit {unit}: no unit of {client_id} on {day}",
            hint=Text("its units: {units}", units=", ".join(sorted(units)))
            if units
            else Text("{client_id} has no units", client_id=attendances[0].client_id),
            unit=unit_id,
            client_id=attendances[0].client_id,
            day=attendances[0].day,
        )
    return unit_id, units[unit_id]


@contextmanager
def template_errors(name: str = LAPHAR_TEMPLATE) -> Iterator[None]:
    from jinja2 import TemplateError

    try:
        yield
    except (TemplateError, *_IN_TEMPLATES) as error:
        line = getattr(error, "lineno", None)
        where = Text("{name}, line {line}", name=name, line=line) if line else name
        raise SettingError(
            "the template {where} cannot be used: {reason}",
            hint="mend it in the folder of CICERO_TEMPLATES",
            where=where,
            reason=reason_of(error),
        ) from error
