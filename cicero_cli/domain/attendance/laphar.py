"""The laphar (laporan harian): an attendance as an Indonesian WhatsApp message.

The wording is a Jinja2 template, `laphar.txt.j2`, that a unit may replace by its own; the long lists reach it as
finished text, for a template that loops over 28,000 people would be slow. What a template may use:

`greeting`      Selamat pagi, siang, sore or malam
`client`        the client's name
`day`           the reported day: `Sabtu, 21 November 2026`
`moment`        the moment of the report: `Sabtu, 21 November 2026, pukul 21.00 WIB`
`is_same_day`   whether that moment lies in the reported day
`day_off`       why the day is off: a holiday's name or the day of the week; else empty
`mode`          `belum`, `sudah`, `semua` or `akumulasi`: which lists were asked for
`per_konten`    whether the lists are per post
`unit_name`     the unit or the divisions whose people alone are reported; else empty
`sections`      one `Section` per platform, Instagram first
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypedDict

from cicero_cli.domain.attendance.absensi import Attendance
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.laphar_sections import write_section
from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.periods import (
    format_day_indonesian,
    format_moment_indonesian,
    greeting_at,
    local_day,
)
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client

LAPHAR_TEMPLATE = "laphar.txt.j2"
Engaged = Mapping[str, frozenset[str]]  # by post key: the ids of the users who have done it

ACTIONS = {Platform.INSTA: "like", Platform.TIKTOK: "komentar"}


class TemplateOptions(TypedDict):
    """How a laphar template is to be compiled; StrictUndefined is the caller's to add."""

    autoescape: bool
    trim_blocks: bool
    lstrip_blocks: bool


# The message is no HTML, so nothing is escaped.
TEMPLATE_OPTIONS = TemplateOptions(autoescape=False, trim_blocks=True, lstrip_blocks=True)


class Template(Protocol):
    """A compiled Jinja2 template."""

    def render(self, *args: Any, **kwargs: Any) -> str: ...


def render_laphar(
    template: Template,
    client: Client,
    attendances: Sequence[Attendance],
    *,
    moment: datetime,
    mode: LapharMode = LapharMode.BELUM,
    engaged: Mapping[Platform, Engaged] | None = None,
    unit_name: str = "",
) -> str:
    """The message for one client and day, of one platform or of both in the order given.

    `moment` is the time shown: now, or what --as-of says. `engaged` makes the lists per post; a post that it does not
    name was done by nobody. Empty lines that a template leaves are tidied: one at most, none at the ends.
    """
    text = template.render(
        **laphar_variables(
            client, attendances, moment=moment, mode=mode, engaged=engaged, unit_name=unit_name
        )
    )
    return tidy_lines(text) + "\n"


def tidy_lines(text: str) -> str:
    """Without the empty lines that a template leaves: one at most, none at the ends."""
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def laphar_variables(
    client: Client,
    attendances: Sequence[Attendance],
    *,
    moment: datetime,
    mode: LapharMode,
    engaged: Mapping[Platform, Engaged] | None = None,
    unit_name: str = "",
) -> dict[str, Any]:
    """What the template is given (see above)."""
    day = attendances[0].day
    is_same_day = local_day(moment, client.zone) == day
    return {
        "greeting": greeting_at(moment, client.zone),
        "client": clean_text(client.nama),
        "day": format_day_indonesian(day),
        "moment": format_moment_indonesian(moment, client.zone),
        "is_same_day": is_same_day,
        "day_off": clean_text(attendances[0].day_off or ""),
        "mode": mode.value,
        "per_konten": engaged is not None,
        "unit_name": clean_text(unit_name),
        "sections": [
            write_section(
                client,
                attendance,
                mode,
                None if engaged is None else engaged.get(attendance.platform, {}),
                action=ACTIONS[attendance.platform],
                is_same_day=is_same_day,
            )
            for attendance in attendances
        ],
    }
