"""What Cicero_V2's rows say, as it is read here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cicero_cli.domain.operations.v2_rows import (
    Clock,
    ClockVote,
    V2Comment,
    id_moment,
    raw_handles,
    read_comments,
    vote_on_clock,
)
from cicero_cli.domain.platforms import Platform

MOMENT = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
VIDEO = str(int(MOMENT.timestamp()) << 32)


def test_ids_tell_when_their_post_was_made() -> None:
    assert id_moment(Platform.TIKTOK, VIDEO) == MOMENT
    made = id_moment(Platform.INSTA, "DVY3S05iB9a")
    assert made is not None
    assert made.year == 2026


@pytest.mark.parametrize(
    ("platform", "key"),
    [
        (Platform.TIKTOK, "abc"),
        (Platform.TIKTOK, "12"),
        (Platform.TIKTOK, "9" * 40),
        (Platform.INSTA, "x"),
        (Platform.INSTA, ""),
        (Platform.INSTA, "not a code"),
    ],
)
def test_other_ids_tell_nothing(platform: Platform, key: str) -> None:
    assert id_moment(platform, key) is None


def test_the_clock_is_what_most_rows_agree_with() -> None:
    jakarta = (MOMENT + timedelta(hours=7)).replace(tzinfo=None).isoformat()
    utc = MOMENT.replace(tzinfo=None).isoformat()

    vote = vote_on_clock([(jakarta, MOMENT)] * 3 + [(utc, MOMENT), (utc, None), ("?", MOMENT)])

    assert vote == ClockVote(Clock.JAKARTA, 3, 1)


def test_rows_with_a_zone_or_of_two_minds_decide_nothing() -> None:
    utc = MOMENT.replace(tzinfo=None).isoformat()
    jakarta = (MOMENT + timedelta(hours=7)).replace(tzinfo=None).isoformat()

    assert vote_on_clock([(MOMENT.isoformat(), MOMENT)]) == ClockVote(None)
    assert vote_on_clock([(utc, MOMENT), (jakarta, MOMENT)]) == ClockVote(None)


def test_handles_come_as_texts_or_as_objects_each_once() -> None:
    value = ["@Budi", "Budi", " ", None, 7, {"username": "sari"}, {"user": {"unique_id": "ani"}}]

    assert raw_handles(value) == ["Budi", "sari", "ani"]
    assert raw_handles('["budi"]') == ["budi"]
    assert raw_handles("not JSON") == []
    assert raw_handles(None) == []


def test_comments_without_an_id_count_once_for_their_author() -> None:
    value = ["Budi", "@budi", {"cid": "7", "username": "Sari", "text": "Siap", "create_time": 0}]

    assert read_comments(value) == [
        V2Comment("v2:budi", "budi", "", None),
        V2Comment("7", "sari", "Siap", None),
    ]
