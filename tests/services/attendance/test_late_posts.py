"""What is published after a client's last time for posts belongs to the next day, in everything that counts (docs/adr/0032)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.attendance.documents import attendance_document
from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import TIMEZONES, Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, read_attendance
from cicero_cli.services.attendance.changes import list_changes
from cicero_cli.services.attendance.laphar import draft_laphar, load_template
from cicero_cli.services.collection.posts import collect
from cicero_cli.services.messaging.laphars import Sending, send_laphar
from cicero_cli.services.messaging.obligations import Obligations
from cicero_cli.services.roster.history import set_client_since
from tests.services.fakes import BY, FakeSource, complete, likes, shown

INSTA = Platform.INSTA
FRIDAY, SATURDAY, SUNDAY = (date(2026, 11, 20) + timedelta(days=n) for n in range(3))


class Unit:
    """A client in a zone, whose posts are read by fetches; Budi likes them all, Ani none."""

    def __init__(self, store: Store, zone: str) -> None:
        self.store, self.zone = store, ZoneInfo(zone)
        self.shown: list[UpstreamPost] = []
        self.likers = ["budi"]
        self.go(FRIDAY, "06:00")
        store.clients.add(
            Client(
                client_id="A",
                nama="Polres A",
                client_insta="a",
                timezone=zone,
                client_group="120363000000000001@g.us",
            )
        )
        self.set({"posts_until": "20:00"})
        for user_id, nama in (("1", "Budi"), ("2", "Ani")):
            store.users.add(
                User(
                    user_id=user_id, client_id="A", nama=nama, insta=nama.lower(),
                    whatsapp=f"628121111000{user_id}",
                )
            )  # fmt: skip

    def go(self, day: date, clock: str) -> None:
        self.now = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=self.zone)
        self.store.connection.execute(
            "SELECT set_config('cicero.now', %s, false)", (str(self.now),)
        )

    @property
    def client(self) -> Client:
        client = self.store.clients.get("A")
        assert client is not None
        return client

    def set(self, words: dict[str, Any], since: date | None = None) -> None:
        set_client_since(
            self.store, "A", words, from_day=since and f"{since}", by=BY, now=self.now
        )  # fmt: skip

    def publish(self, key: str, day: date, clock: str) -> None:
        at = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=self.zone)
        self.shown.append(shown(key, f"{at.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M:%S}", 1))

    def fetch(self, *, days: int = 1) -> list[str]:
        """Gives whose posts and which posts' likers were asked for."""
        source = FakeSource(
            listings={
                "A": complete(*(replace(one, like_count=len(self.likers)) for one in self.shown))
            },
            people={post.post_key: likes(*self.likers) for post in self.shown},
        )
        done = collect(
            self.store, source, [self.client], days=days, parallel=1, clock=lambda: self.now
        )
        assert [run.error for run in done.runs] == [None]
        return source.asked

    def keys(self, day: date, as_of: datetime | None = None) -> tuple[list[str], list[str]]:
        """Of the posts that count on the day, and of those that it leaves to the next."""
        said = read_attendance(self.store, self.client, INSTA, Moment(day, as_of))
        return [post.key for post in said.posts], [post.key for post in said.late_posts]

    def text(self, day: date, as_of: datetime | None = None) -> str:
        draft = draft_laphar(
            self.store, self.client, [INSTA], Moment(day, as_of), template=load_template(None),
            per_konten=False, now=self.now,
        )  # fmt: skip
        return draft.word(LapharMode.SUDAH).text

    def send(self, day: date) -> None:
        sending = Sending(
            scope=Scope.INSTA, mode=LapharMode.BELUM, day=f"{day}", to=(), admins=(),
            text_limit=60_000, template=load_template(None), times=(), again=True,
        )  # fmt: skip
        assert not send_laphar(self.store, [self.client], sending, clock=lambda: self.now).failures


@pytest.fixture(params=TIMEZONES)
def unit(store: Store, request: pytest.FixtureRequest) -> Unit:
    return Unit(store, request.param)


def test_a_late_post_counts_on_the_next_day_from_the_first_fetch_to_the_report(unit: Unit) -> None:
    unit.publish("midnight", FRIDAY, "00:00")
    unit.publish("noon", FRIDAY, "12:00")
    unit.publish("just", FRIDAY, "20:00:59")
    unit.publish("late", FRIDAY, "20:01")
    unit.publish("night", FRIDAY, "23:59:59")
    unit.go(FRIDAY, "23:59:59")
    unit.fetch()
    assert unit.keys(FRIDAY) == (["midnight", "noon", "just"], ["late", "night"])
    assert "_2 konten setelah pukul 20.00 masuk laporan besok._\n" in unit.text(FRIDAY)
    assert unit.keys(SATURDAY) == (["late", "night"], [])
    assert set(Obligations(unit.store).of_unit(unit.client, FRIDAY)) == {"2"}
    (asked,) = Obligations(unit.store).of_unit(unit.client, SATURDAY)["1"]
    assert [url.rsplit("/", 2)[1] for url in asked.urls(INSTA)] == ["late", "night"]

    # an hourly fetch of the day reads the evening before it, which nobody has read the likers of
    unit.publish("morning", SATURDAY, "00:00")
    unit.go(SATURDAY, "12:00")
    unit.fetch()
    said = attendance_document(
        read_attendance(unit.store, unit.client, INSTA, Moment(SATURDAY, None))
    )
    assert [post["id"] for post in said["posts"]] == ["late", "night", "morning"]
    assert [(user["done"], user["total"]) for user in said["users"]] == [(0, 3), (3, 3)]
    text = unit.text(SATURDAY)
    zone = unit.now.tzname()
    assert f"1. https://www.instagram.com/p/late/ (Jumat, 20.01 {zone})\n" in text
    assert "3. https://www.instagram.com/p/morning/\n" in text
    assert "_2 konten setelah pukul 20.00 masuk laporan hari berikutnya._" in unit.text(FRIDAY)
    # one that is gone is missed by the day that it counts on
    unit.shown = [post for post in unit.shown if post.post_key != "night"]
    for clock in ("13:00", "14:00"):
        unit.go(SATURDAY, clock)
        unit.fetch()
    assert unit.keys(SATURDAY)[0] == ["late", "morning"]


def test_another_rule_leaves_known_posts_where_they_are_and_holds_for_what_is_read_later(
    unit: Unit,
) -> None:
    unit.publish("known", FRIDAY, "20:30")
    unit.go(FRIDAY, "21:00")
    unit.fetch()
    unit.set({"posts_until": "22:00"})
    unit.publish("unread", FRIDAY, "20:45")
    unit.publish("late", FRIDAY, "22:30")
    unit.go(SATURDAY, "06:30")
    unit.set({"posts_until": ""})
    unit.fetch(days=2)
    assert unit.keys(FRIDAY) == (["unread"], ["known", "late"])
    # without a rule since today, its own evening stays, and the one before is read all day
    unit.publish("evening", SATURDAY, "22:30")
    unit.go(SATURDAY, "22:45")
    unit.likers.append("siti")
    assert set(unit.fetch()) == {"A", "known", "late", "evening"}
    assert unit.keys(SATURDAY) == (["known", "late", "evening"], [])


def test_a_rule_for_past_days_moves_their_posts_and_what_was_reported_stands(unit: Unit) -> None:
    unit.set({"posts_until": ""}, FRIDAY)
    for day in (FRIDAY, SATURDAY):
        unit.publish(f"{day:%a}", day, "20:55")
        unit.go(day, "21:00")
        unit.fetch()
        unit.send(day)
    before, sent_at = unit.text(SATURDAY, unit.now), unit.now
    assert unit.keys(SATURDAY) == (["Sat"], [])

    unit.go(SUNDAY, "07:00")
    unit.set({"posts_until": "20:00"}, SATURDAY)
    assert (unit.keys(FRIDAY), unit.keys(SATURDAY), unit.keys(SUNDAY)) == (
        (["Fri"], []),
        ([], ["Sat"]),
        (["Sat"], []),
    )
    unit.go(SUNDAY, "08:00")
    unit.set({"posts_until": "20:00"}, FRIDAY)
    assert (unit.keys(FRIDAY), unit.keys(SATURDAY)) == (([], ["Fri"]), (["Fri"], ["Sat"]))
    assert unit.keys(SATURDAY, sent_at) == (["Sat"], [])
    assert unit.keys(SATURDAY, unit.now - timedelta(minutes=30)) == ([], ["Sat"])
    unit.now = sent_at
    assert unit.text(SATURDAY, sent_at) == before
    unit.go(SUNDAY, "09:00")
    (changed,) = list_changes(
        unit.store, [unit.client], day=f"{FRIDAY}", as_of=None, scope=Scope.INSTA, now=unit.now
    )
    assert [(one.kind, str(one.text)) for one in changed.users[0].reasons] == [
        ("post_moved", f"post Fri counts on {SATURDAY} now")
    ]
    (changed,) = list_changes(
        unit.store, [unit.client], day=f"{SATURDAY}", as_of=None, scope=Scope.INSTA, now=unit.now
    )
    assert [post.key for post in changed.was.posts] == ["Sat"]
    assert [post.key for post in changed.now.posts] == ["Fri"]
