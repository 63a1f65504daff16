from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from cicero_cli.domain.attendance.tugas import (
    NOTHING_TOLD,
    TaskList,
    ToldTasks,
    compare_tasks,
    key_of,
    list_tasks,
    read_told,
    tasks_document,
)
from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from tests.services.fakes import at

CLIENT = Client(client_id="A", nama="Polres A", client_tiktok="polres_a", timezone="Asia/Jayapura")
DAY = date(2026, 11, 21)


def post(key: str, *, account: str | None = None) -> Post:
    return Post(
        post_id=1,
        post_key=key,
        client_id="A",
        published_at=at("2026-11-21 01:00"),
        day=DAY,
        caption=f"Apel {key}",
        listed=0,
        total=0,
        shown_count=0,
        fetched_at=None,
        fetched_count=None,
        account=account,
    )


def compare(keys: str, told: ToldTasks = NOTHING_TOLD) -> TaskList:
    tasks = list_tasks(CLIENT, {Platform.INSTA: [post(key) for key in keys]})
    return compare_tasks(CLIENT, DAY, tasks, told)


def told(tasks: TaskList) -> ToldTasks:
    return read_told(tasks.number, tasks_document(tasks))


def test_a_post_is_opened_where_it_was_posted() -> None:
    tasks = list_tasks(
        CLIENT,
        {Platform.TIKTOK: [post("1"), post("2", account="old_a")], Platform.INSTA: [post("p")]},
    )
    assert [task.url for task in tasks] == [
        "https://www.instagram.com/p/p/",
        "https://www.tiktok.com/@polres_a/video/1",
        "https://www.tiktok.com/@old_a/video/2",
    ]


def test_the_document_has_offsets_and_says_what_is_new_and_gone() -> None:
    document = tasks_document(compare("qr", told(compare("pq"))))
    p, q, r = (
        {
            "platform": "insta",
            "post": key,
            "published_at": "2026-11-21T10:00:00+09:00",
            "caption": f"Apel {key}",
            "url": f"https://www.instagram.com/p/{key}/",
        }
        for key in "pqr"
    )
    assert document == {
        "client_id": "A",
        "date": "2026-11-21",
        "posts": [{**q, "is_new": False}, {**r, "is_new": True}],
        "gone": [p],
        "not_listed": [],
        "unreadable": 0,
    }


@settings(max_examples=25)
@given(st.lists(st.sets(st.sampled_from("pqrs")), max_size=6))
def test_whoever_reads_every_list_knows_the_days_posts(days: list[set[str]]) -> None:
    """What is new and gone in each list, one after the other, makes the last one; a list without news is that before."""
    before, known, number = NOTHING_TOLD, set[str](), 0
    for keys in days:
        tasks = compare("".join(sorted(keys)), before)
        assert tasks.is_news == (keys != known)
        if tasks.is_news:
            number += 1
            gone = {task.key for task in tasks.gone}
            known = (known | {key for _, key in tasks.fresh}) - gone
            before = told(tasks)
            assert before == ToldTasks(number, tasks.tasks, tasks.fresh, tasks.gone)
        assert known == keys == {key for _, key in map(key_of, tasks.tasks)}
