"""Pages from templates: escaped by themselves, with a policy that lets nothing in that is not this server's own."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import RedirectResponse, Response

from cicero_cli import __version__
from cicero_cli.core.setting_values import Secret
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.attendance.absensi import group_of
from cicero_cli.domain.attendance.laphar import ACTIONS
from cicero_cli.domain.attendance.laphar_sentences import (
    coverage_sentence,
    evening_of,
    late_sentence,
)
from cicero_cli.domain.attendance.percentages import percent_indonesian
from cicero_cli.domain.periods import format_day_indonesian, format_time_indonesian
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.sentences import indonesian
from cicero_cli.web.pages.charts import shares, stacked_bar
from cicero_cli.web.pages.csrf import csrf_token, session_name
from cicero_cli.web.pages.failure_reasons import pause_words, run_reason
from cicero_cli.web.pages.labels import (
    COMPLAINT_WORDS,
    FIELD_WORDS,
    FILTER_WORDS,
    FLASH_WORDS,
    GROUP_WORDS,
    MESSAGE_WORDS,
    ROLE_WORDS,
    RUN_WORDS,
)
from cicero_cli.words import MONTHS_INDONESIAN

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


def render_page(
    call: Call,
    template: str,
    *,
    http_status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response:
    """A page for whoever asks."""
    caller = call.known_caller
    if caller is not None:
        key = call.settings.require_jwt_secret()
        context |= header(caller.username, caller.role, jti=call.jti, key=key)
    context = {"who": None, "path": call.request.url.path, **context}
    is_wrong = http_status >= 400  # noqa: PLR2004 - what HTTP calls an error
    return respond(template, http_status, headers, is_wrong=is_wrong, **context)


def header(username: str, role: Role, *, jti: str, key: Secret) -> dict[str, Any]:
    """What the head of a page needs to know of who is logged in."""
    who = {
        "name": username,
        "role": ROLE_WORDS[role.word],
        "writes": role >= Role.OPERATOR,
        "is_admin": role is Role.ADMIN,
    }
    return {"who": who, "csrf": csrf_token(key, session_name(jti))}


def go_to(path: str) -> Response:
    """Send the browser on after a form."""
    return RedirectResponse(path, 303)


def respond(
    template: str, http_status: int, headers: Mapping[str, str] | None, **context: Any
) -> Response:
    """A template as an answer, with the policy of every page."""
    html = _environment().get_template(template).render(context)
    return Response(
        html,
        http_status,
        headers={"Content-Security-Policy": POLICY, **(headers or {})},
        media_type="text/html",
    )


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {
            "number": format_number,
            "percent": percent_indonesian,
            "day": format_day_indonesian,
            "short_day": _short_day,
            "month": _month,
            "at": _at,
            "at_iso": lambda text, zone: _at(datetime.fromisoformat(text), zone),
        }
    )
    environment.globals.update(
        {
            "version": __version__,
            "stacked_bar": stacked_bar,
            "shares": shares,
            "filter_words": FILTER_WORDS,
            "group_words": GROUP_WORDS,
            "coverage_sentence": coverage_sentence,
            "late_sentence": late_sentence,
            "evening_of": evening_of,
            "actions": ACTIONS,
            "message_words": MESSAGE_WORDS,
            "complaint_words": COMPLAINT_WORDS,
            "run_words": RUN_WORDS,
            "role_words": ROLE_WORDS,
            "field_words": FIELD_WORDS,
            "flash_words": FLASH_WORDS,
            "indonesian": indonesian,
            "group_of": group_of,
            "run_reason": run_reason,
            "pause_words": pause_words,
        }
    )
    return environment


def format_number(number: int) -> str:
    """As Indonesians write it: 12.345."""
    return f"{number:,}".replace(",", ".")


def _short_day(day: date) -> str:
    return f"{format_day_indonesian(day).partition(',')[0][:3]}, {day.day} {MONTHS_INDONESIAN[day.month - 1][:3]}"


def _month(day: date) -> str:
    return f"{MONTHS_INDONESIAN[day.month - 1]} {day.year}"


def _at(moment: datetime | None, zone: ZoneInfo, day: date | None = None) -> str:
    """Day and time where the client is: `21 Nov 18.30 WIB`; the time alone on that `day`."""
    if moment is None:
        return "-"
    local = moment.astimezone(zone)
    at_time = format_time_indonesian(moment, zone)
    if local.date() == day:
        return at_time
    return f"{local.day} {MONTHS_INDONESIAN[local.month - 1][:3]} {at_time}"
