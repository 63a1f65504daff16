"""An organisation that posts, and what may be said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.days_off import normalise_days_off
from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.domain.roster.phones import normalise_group, normalise_recipient
from cicero_cli.domain.roster.posts_until import normalise_posts_until
from cicero_cli.domain.roster.printable import check_text
from cicero_cli.domain.roster.ranks import division_key
from cicero_cli.domain.roster.unseen import without_unseen
from cicero_cli.errors import BadValueError, NotFoundError
from cicero_cli.words import Text

AUDIENCES = ("own", "below", "own+below")
TIMEZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
_YEARS = range(1970, 2100)
_ABBREVIATIONS = dict(zip(("WIB", "WITA", "WIT"), TIMEZONES, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One row of `clients`. Handles are lower-case without `@`; numbers are E.164 digits or a group id.

    `…_at` and `tugas_until` are its own times (domain/schedule.own_times), None where the installation's hold. `under`, `audience` and
    `audience_divisi` say who is expected on its posts (docs/adr/0026).
    """

    client_id: str
    nama: str
    client_type: str = "ORG"
    client_status: bool = True
    client_insta: str | None = None
    client_insta_status: bool = True
    client_tiktok: str | None = None
    client_tiktok_status: bool = True
    tiktok_secuid: str | None = None
    client_operator: str | None = None
    client_super: str | None = None
    client_group: str | None = None
    timezone: str = "Asia/Jakarta"
    threshold: float = 0.5
    regional_id: str | None = None
    client_amplify_status: bool = False
    premium_tier: str | None = None
    premium_status: bool = False
    premium_expires_at: datetime | None = None
    fetch_at: str | None = None
    laphar_at: str | None = None
    remind_at: str | None = None
    rekap_at: str | None = None
    tugas_until: str | None = None
    days_off: str | None = None  # as `sun,holidays` (domain/roster/days_off.py)
    posts_until: str | None = None  # as `20:00` (domain/roster/posts_until.py)
    under: str | None = None
    audience: str = "own"
    audience_divisi: list[str] = field(default_factory=list)
    report_units: bool = False
    sender: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def known_username(self, platform: Platform) -> str | None:
        """The client's own handle there, whether it is followed or not; None when it has none."""
        return self.client_insta if platform is Platform.INSTA else self.client_tiktok

    def followed_username(self, platform: Platform) -> str | None:
        """The handle whose posts are fetched; None when it has none or is not followed there."""
        insta = platform is Platform.INSTA
        is_followed = self.client_insta_status if insta else self.client_tiktok_status
        return self.known_username(platform) if is_followed else None


def is_below_itself(client_id: str, above: Mapping[str, str | None]) -> bool:
    """Whether the unit comes back to itself by way of the units above, which `above` gives."""
    seen: set[str] = set()
    place: str | None = client_id
    while place is not None and place not in seen:
        seen.add(place)
        place = above.get(place)
    return place == client_id


def from_top(client_ids: Iterable[str], above: Mapping[str, str | None]) -> list[str]:
    """The units above before those below; none of them is below itself."""

    def depth(client_id: str) -> int:
        upper = above.get(client_id)
        return 0 if upper is None else 1 + depth(upper)

    return sorted(client_ids, key=depth)


def unknown_client(client_id: str, known: Sequence[Client]) -> NotFoundError:
    """The error for an id that no client has; it names the ones there are."""
    names = ", ".join(client.client_id for client in known[:10])
    hint = (
        Text("there are: {names}", names=names)
        if known
        else Text("add one with: cicero client add")
    )
    return NotFoundError(
        "there is no client {client_id}", hint=hint, client_id=client_id.strip().upper()
    )


def ended_client(client_id: str, ended_on: date | None = None) -> NotFoundError:
    """The error for a client that was removed, unless days before that are asked about."""
    params: dict[str, Any] = {} if ended_on is None else {"ended_on": ended_on}
    return NotFoundError(
        "client {client_id} ended on {ended_on}" if params else "client {client_id} has ended",
        hint="a day before that: cicero absensi show semua --client {client_id} --date DAY; "
        "to begin anew: cicero client add {client_id}",
        client_id=client_id,
        **params,
    )


def normalise_client_id(text: str) -> str:
    """Upper-case and trimmed; ValueError for what cannot be an id."""
    client_id = text.strip().upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9_.-]{0,63}", client_id):
        raise BadValueError(
            "expected letters, digits, dots, dashes and underscores, such as POLRES_A"
        )
    return client_id


def normalise_timezone(text: str) -> str:
    """One of the three zones, from its name in any case or WIB, WITA, WIT; ValueError otherwise."""
    known = _ABBREVIATIONS | {zone.upper(): zone for zone in TIMEZONES}
    try:
        return known[text.strip().upper()]
    except KeyError:
        raise BadValueError(
            "expected Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT)"
        ) from None


def normalise_threshold(value: float) -> float:
    """A share of the day's posts, above 0 up to 1; ValueError otherwise."""
    if not 0 < value <= 1:
        raise BadValueError("expected a share above 0 and up to 1, such as 0.5")
    return value


def normalise_client_type(text: str) -> str:
    """Upper-case, ORG for nothing; ValueError for what tells the dashboards neither of the two kinds."""
    client_type = text.upper() or "ORG"
    if "ORG" not in client_type and "DIREKTORAT" not in client_type:
        raise BadValueError("expected ORG or DIREKTORAT, or words with one of them")
    return client_type


def normalise_moment(text: str) -> datetime | None:
    """A moment written with its offset, None for a blank; ValueError otherwise."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise BadValueError(
            "expected a time with its offset, such as 2027-01-01T00:00:00+07:00, from {first} to "
            "{last}",
            first=_YEARS[0],
            last=_YEARS[-1],
        )
    return moment


def normalise_audience(text: str) -> str:
    """One of the three audiences, in any case and however it is spaced; ValueError otherwise."""
    audience = "".join(text.split()).lower()
    if audience not in AUDIENCES:
        raise BadValueError("expected own, below or own+below")
    return audience


def normalise_divisions(names: Sequence[str]) -> list[str]:
    """Divisions as they were typed, once each however they are spelt; none for a blank."""
    divisions: dict[str, str] = {}
    for name in names:
        check_text(name)
        divisions.setdefault(division_key(name), " ".join(name.split()))
    divisions.pop("", None)
    return list(divisions.values())


def _name(text: str) -> str:
    if not text:
        raise BadValueError("expected a name")
    return text


_NORMALISERS: dict[str, Callable[[str], object]] = {
    "client_id": normalise_client_id,
    "nama": _name,
    "client_type": normalise_client_type,
    "client_insta": normalise_handle,
    "client_tiktok": normalise_handle,
    "client_operator": normalise_recipient,
    "client_super": normalise_recipient,
    "client_group": normalise_group,
    "timezone": normalise_timezone,
    "days_off": normalise_days_off,
    "posts_until": normalise_posts_until,
    "under": lambda text: normalise_client_id(text) if text else None,
    "audience": normalise_audience,
    "sender": lambda text: text.lower() or None,
    "regional_id": lambda text: text.upper() or None,
    "premium_tier": lambda text: text or None,
    "premium_expires_at": normalise_moment,
}


def normalise_client_field(name: str, value: object) -> object:
    """The value of one column of `clients` as it is stored; ValueError says what was expected."""
    if isinstance(value, str):
        text = without_unseen(value)
        check_text(text)
        return _NORMALISERS[name](" ".join(text.split()))
    if isinstance(value, float):
        return normalise_threshold(value)
    if isinstance(value, list):
        return normalise_divisions(value)
    return value
