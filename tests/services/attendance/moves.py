"""What may happen to a directorate and its units, at random: for the laws of the history (docs/adr/0024)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import TIMEZONES, Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.corrections import accept_posts, exclude_post
from cicero_cli.services.attendance.laphar import load_template
from cicero_cli.services.messaging.laphars import Sending, send_laphar
from cicero_cli.services.roster.assignments import change_assignment
from cicero_cli.services.roster.history import set_client_since, set_user_since
from cicero_cli.services.roster.leave import add_leave, end_leave
from cicero_cli.services.roster.merging import merge_users
from cicero_cli.services.roster.sheets import import_users
from cicero_cli.services.roster.user_imports import undo_import
from cicero_cli.services.roster.users import add_user, remove_user
from tests.services.fakes import at, comments, likes, shown

INSTA = Platform.INSTA
DAYS = [date(2026, 11, 18) + timedelta(days=n) for n in range(5)]
BEGINNING = at("2026-11-17 03:00")
UNITS = {"DIT": "Asia/Jakarta", "A": "Asia/Jakarta", "B": "Asia/Jayapura"}
PEOPLE = {"ani": "A", "budi": "A", "citra": "B", "dodi": "B"}
NAMES = (*PEOPLE, "eka")
HANDLES = (*NAMES, "xena")
_numbers = count(1)
_TEMPLATE = load_template(None)

_unit, _home, _day, _is = tuple(UNITS), ("A", "B"), tuple(range(len(DAYS))), (False, True)
_handle, _title, _threshold, _above = (*HANDLES, ""), ("AKP", "IPTU"), (0.4, 0.8), ("DIT", "")
_until = ("22:00", "23:00", "")


# what each kind of move may be about, word by word
KINDS: dict[str, tuple[Sequence[Any], ...]] = {
    "add": (NAMES, _home, _handle),
    "remove": (NAMES,),
    "status": (NAMES, _is),
    "status since": (NAMES, _is, _day),
    "exception": (NAMES, _is),
    "transfer": (NAMES, _home),
    "transfer since": (NAMES, _home, _day),
    "title": (NAMES, _title),
    "title since": (NAMES, _title, _day),
    "divisi": (NAMES, ("SAT BINMAS", "BAG OPS")),
    "handle": (NAMES, _handle),
    "handles": (NAMES, _handle, _handle),
    "was wrong": (NAMES, _handle),
    "leave": (NAMES, _day, _day),
    "leave ends": (NAMES, _day),
    "merge": (NAMES, NAMES),
    "assign": (NAMES, _unit, (None, *_day)),
    "assignment ends": (NAMES, _unit, _day),
    "import": (_home, NAMES, _title, _handle, _is),
    "undo import": (_home,),
    "threshold": (_unit, _threshold),
    "threshold since": (_unit, _threshold, _day),
    "timezone": (_unit, TIMEZONES),
    "posts_until": (_unit, _until),
    "posts_until since": (_unit, _until, _day),
    "under": (_home, _above),
    "under since": (_home, _above, _day),
    "active": (_home, _is),
    "audience": (("DIT",), ("below", "own+below")),
    "audience_divisi": (("DIT",), ((), ("SAT BINMAS",))),
    "like": (_unit, _day, HANDLES, _is),
    "post": (_unit, _day),
    "late post": (_unit, _day),
    "gone": (_unit, _day),
    "exclude": (_unit, _day, _is),
    "accept": (NAMES, _unit, _day, _is),
    "report": (),
}
# without which a kind has nothing to be about
_BEFORE = {
    "add": {"remove"},
    "undo import": {"import"},
    "leave ends": {"leave"},
    "posts_until": {"late post"},
    "posts_until since": {"late post"},
    "assignment ends": {"assign"},
}
# 14:00 UTC is 23:00 in Jayapura and 21:00 in Jakarta: an hour or two change the day of the one and not of the other
WAITS = (timedelta(minutes=1), timedelta(minutes=59), timedelta(hours=21))


def _moves_of(kinds: Sequence[str]) -> st.SearchStrategy[list[Any]]:
    chosen = {*kinds, "like", "report"}.union(*(_BEFORE.get(kind, ()) for kind in kinds))
    moves = [
        st.tuples(st.just(kind), *map(st.sampled_from, KINDS[kind])) for kind in sorted(chosen)
    ]
    return st.lists(st.tuples(st.sampled_from(WAITS), st.one_of(moves)), min_size=12, max_size=24)


# of a few kinds at a time, so that they meet each other
MOVES = st.lists(st.sampled_from([*KINDS]), min_size=3, max_size=6, unique=True).flatmap(_moves_of)


@dataclass
class World:
    """A directorate over two units, and what has been done there: when which move, about whom or what."""

    store: Store
    platform: Platform
    number: int = field(default_factory=lambda: next(_numbers))
    now: datetime = BEGINNING
    done: list[tuple[datetime, str, tuple[Any, ...]]] = field(default_factory=list)
    liked: dict[tuple[str, str], list[tuple[str, datetime]]] = field(default_factory=dict)
    told: Callable[[datetime, str, tuple[Any, ...]], None] | None = None

    def __post_init__(self) -> None:
        self.pass_time(timedelta())
        for name, zone in UNITS.items():
            is_above = name == "DIT"
            self.store.clients.add(
                Client(
                    client_id=self.unit(name),
                    nama=f"Polres {name}",
                    timezone=zone,
                    client_group=f"12036300000000{self.number:04}@g.us",
                    under=None if is_above else self.unit("DIT"),
                    audience="below" if is_above else "own",
                    report_units=is_above,
                )
            )
            for day in DAYS:
                self.show_post(name, day, "1")
                self.store.posts(self.platform).remember_listing(
                    self.unit(name), day, day, now=self.now
                )
        for number, (name, unit) in enumerate(PEOPLE.items()):
            user = User(
                user_id=self.user(name),
                client_id=self.unit(unit),
                nama=name.title(),
                divisi="SAT BINMAS",
                whatsapp=f"62812000{self.number:04}{number}",
            )
            self.store.users.add(replace(user, **{self.column: name}))
        self.now = at("2026-11-19 14:00")

    @property
    def column(self) -> str:
        return self.platform.value

    @property
    def by(self) -> Actor:
        return Actor("cli:test", self.now)

    def unit(self, name: str) -> str:
        return f"{name}{self.number}"

    def user(self, name: str) -> str:
        return f"{name}{self.number}"

    def name_of(self, stored: str) -> str:
        """Of a unit or a user."""
        return stored.removesuffix(str(self.number))

    def pass_time(self, wait: timedelta) -> None:
        self.now += wait
        self.store.connection.execute(
            "SELECT set_config('cicero.now', %s, false)", (str(self.now),)
        )

    def move(self, wait: timedelta, kind: str, *words: Any) -> bool:
        """Whether it was done; what the rules refuse changes nothing."""
        self.pass_time(wait + timedelta(seconds=2))
        act: Callable[..., None] = getattr(self, f"_{kind.replace(' ', '_')}", None) or (
            lambda *given: self._set(kind, *given)
        )
        try:
            act(*words)
        except CiceroError:
            return False
        self.done.append((self.now, kind, words))
        if self.told:
            self.told(self.now, kind, words)
        return True

    def kinds_since(self, moment: datetime, user_id: str | None = None) -> set[str]:
        """Which kinds of moves were made since then; about this user, or whom an import taken back was about."""
        return {
            kind
            for made_at, kind, words in self.done
            if made_at > moment
            and (
                user_id is None
                or kind == "undo import"
                or any(self.user(one) == user_id for one in words if one in NAMES)
            )
        }

    def show_post(self, unit: str, day: date, place: str) -> None:
        listed = [shown(f"{day:%d}-{place}", f"{day} 0{place}:00", None)]
        self.store.posts(self.platform).store(self.unit(unit), listed, now=self.now)

    def show_late_post(self, unit: str, day: date) -> None:
        """At 22:30 in Jakarta, 23:30 in Makassar, and after midnight in Jayapura."""
        listed = [shown(f"{day:%d}-3", f"{day} 15:30", None)]
        self.store.posts(self.platform).store(self.unit(unit), listed, now=self.now)

    def key(self, day: int) -> str:
        return f"{DAYS[day]:%d}-1"

    # what is typed of a user or client, by its kind

    def _set(self, kind: str, name: str, value: Any, day: int | None = None) -> None:
        column = kind.removesuffix(" since")
        since = None if day is None else DAYS[day].isoformat()
        column = {"transfer": "client_id", "active": "client_status"}.get(column, column)
        if column in ("client_id", "under") and value:
            value = self.unit(value)
        if column == "audience_divisi":
            value = list(value)
        if name in UNITS:
            set_client_since(
                self.store, self.unit(name), {column: value}, from_day=since, by=self.by, now=self.now
            )  # fmt: skip
        else:
            self._set_user(name, {column: value}, since)

    def _set_user(
        self, name: str, words: dict[str, Any], since: str | None = None, *, was_wrong: bool = False
    ) -> None:
        set_user_since(
            self.store, self.user(name), words,
            from_day=since, until=None, was_wrong=was_wrong, by=self.by, now=self.now,
        )  # fmt: skip

    def _add(self, name: str, unit: str, handle: str) -> None:
        words = {"user_id": self.user(name), "client_id": self.unit(unit), "nama": name.title()}
        add_user(self.store, {**words, self.column: handle or None}, by=self.by)

    def _remove(self, name: str) -> None:
        remove_user(self.store, self.user(name), by=self.by)

    def _handle(self, name: str, handle: str) -> None:
        self._set_user(name, {self.column: handle})

    def _handles(self, name: str, *handles: str) -> None:
        self._set_user(name, {self.column: list(handles)})

    def _was_wrong(self, name: str, handle: str) -> None:
        self._set_user(name, {self.column: handle}, was_wrong=True)

    def _leave(self, name: str, first: int, last: int) -> None:
        add_leave(
            self.store, self.user(name), from_day=f"{DAYS[first]}", until=f"{DAYS[last]}",
            reason="cuti", note=None, by=self.by,
        )  # fmt: skip

    def _leave_ends(self, name: str, last: int) -> None:
        end_leave(self.store, self.user(name), f"{DAYS[last]}", by=self.by)

    def _merge(self, name: str, twin: str) -> None:
        merge_users(self.store, self.user(name), self.user(twin), by=self.by)

    def _assign(self, name: str, unit: str, since: int | None) -> None:
        first = None if since is None else f"{DAYS[since]}"
        self._change_assignment(name, unit, from_day=first)

    def _assignment_ends(self, name: str, unit: str, last: int) -> None:
        self._change_assignment(name, unit, end=f"{DAYS[last]}")

    def _change_assignment(self, name: str, unit: str, **given: str | None) -> None:
        given = {"from_day": None, "until": None, "end": None, **given}
        change_assignment(self.store, self.user(name), to=self.unit(unit), by=self.by, **given)

    def _import(self, unit: str, name: str, title: str, handle: str, transfer: bool) -> None:  # noqa: FBT001 - from a strategy
        heading = {"insta": "instagram"}.get(self.column, self.column)
        sheet = f"nrp,nama,pangkat,{heading}\n{self.user(name)},{name.title()},{title},{handle}\n"
        done = import_users(
            self.store, self.unit(unit), "sheet.csv",
            by=self.by, content=sheet.encode(), transfer=transfer,
        )  # fmt: skip
        if not done.written:
            raise CiceroError("nothing was written")

    def _undo_import(self, unit: str) -> None:
        undo_import(self.store, None, self.unit(unit), by=self.by)

    # what is read, and decided about it

    def _like(self, unit: str, day: int, handle: str, is_second: bool) -> None:  # noqa: FBT001 - from a strategy
        posts = self.store.posts(self.platform).list(
            self.unit(unit), first_day=DAYS[day], last_day=DAYS[day]
        )
        if not posts:
            raise CiceroError("no such post")
        post = posts[-1 if is_second else 0]
        people = self.liked.setdefault((unit, post.post_key), [])
        people.append((handle, self.now))
        said = likes(*dict.fromkeys(one for one, _ in people))
        if self.platform is not INSTA:
            said = comments(*(one for one, _ in people))
            # each is of the time at which it was seen first
            written = [
                replace(one, created_at=moment)
                for one, (_, moment) in zip(said.comments, people, strict=True)
            ]
            said = replace(said, comments=tuple(written))
        self.store.engagement(self.platform).store(post.post_id, said, now=self.now)

    def _post(self, unit: str, day: int) -> None:
        self.show_post(unit, DAYS[day], "2")

    def _late_post(self, unit: str, day: int) -> None:
        self.show_late_post(unit, DAYS[day])

    def _gone(self, unit: str, day: int) -> None:
        span = {"start": at(f"{DAYS[day]} 00:00"), "end": at(f"{DAYS[day]} 01:30")}
        for _ in range(2):
            self.store.posts(self.platform).mark_deleted(
                self.unit(unit), keep=(), now=self.now, **span
            )

    def _exclude(self, unit: str, day: int, undo: bool) -> None:  # noqa: FBT001 - from a strategy
        exclude_post(
            self.store, self.key(day), client_id=self.unit(unit),
            reason=None if undo else "salah", undo=undo, by=self.by,
        )  # fmt: skip

    def _accept(self, name: str, unit: str, day: int, undo: bool) -> None:  # noqa: FBT001 - from a strategy
        accept_posts(
            self.store, self.user(name), posts=[self.key(day)], day=None,
            platforms=[self.platform], client_id=self.unit(unit),
            reason=None if undo else "bukti", undo=undo, by=self.by,
        )  # fmt: skip

    def _report(self) -> None:
        """Of today and the two days before, of all of them."""
        for days_ago in range(3):
            self._report_day((self.now - timedelta(days=days_ago)).date())

    def _report_day(self, day: date) -> None:
        ids = {self.unit(name) for name in UNITS}
        send_laphar(
            self.store,
            [client for client in self.store.clients.list() if client.client_id in ids],
            Sending(
                scope=Scope(self.platform.value),
                mode=LapharMode.BELUM,
                day=day.isoformat(),
                to=(),
                admins=(),
                text_limit=60_000,
                template=_TEMPLATE,
                times=(time(15), time(18), time(21)),
                again=True,
            ),
            clock=lambda: self.now,
        )
