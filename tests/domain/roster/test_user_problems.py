from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.user_problems import (
    AccountState,
    Handle,
    HandleCheck,
    Known,
    Problem,
    Sharer,
    find_problems,
)
from cicero_cli.domain.roster.users import User

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


def person(number: int = 1, **words: object) -> User:
    words = {"nama": "Budi Santoso", "whatsapp": "6281200000001", "divisi": "BAG OPS", **words}
    return User(user_id=f"7501000{number}", client_id="POLRES_A", **words)  # type: ignore[arg-type]


def known(**words: object) -> Known:
    words = {"platforms": [INSTA], "sharers": {}, "accounts": {}, "unseen": [], "checks": {}, **words}  # fmt: skip
    return Known(**words)  # type: ignore[arg-type]


def said(user: User, *handles: Handle, **words: object) -> list[tuple[Problem, str]]:
    found = find_problems([user], {user.user_id: handles}, known(**words))
    return [(one.problem, str(one.text)) for one in found.get(user.user_id, [])]


def test_a_handle_is_missed_where_posts_are_followed_and_nowhere_else() -> None:
    assert said(person(), (INSTA, "budi.s")) == []
    assert said(person(), (TIKTOK, "budi.s")) == [(Problem.NO_HANDLE, "no Instagram handle")]
    assert said(person(whatsapp=None), (INSTA, "budi.s")) == [(Problem.NO_NUMBER, "no number")]
    assert said(person(exception=True, whatsapp=None)) == []


@pytest.mark.parametrize(
    ("handle", "reason"),
    [
        ((INSTA, "polres.a"), "the account of POLRES_A itself"),
        ((INSTA, "75010001"), "the person's id or number"),
        ((INSTA, "6281200000001"), "the person's id or number"),
        ((INSTA, "081234567890"), "digits alone"),
        ((INSTA, "facebook"), "facebook is hardly a handle; write @facebook if it is one"),
        ((INSTA, "budi..s"), "no handle ends with a dot or has two in a row"),
        ((TIKTOK, "budi."), "no handle ends with a dot or has two in a row"),
        ((INSTA, "budi.gmail.com"), "looks like an e-mail address"),
        ((TIKTOK, "b" * 25), "a TikTok handle has 2 to 24 letters"),
        ((INSTA, "budisantoso"), "the name itself, and never seen"),
    ],
)
def test_a_handle_that_is_hardly_the_persons_is_named_with_the_reason(
    handle: Handle, reason: str
) -> None:
    found = said(
        person(), handle, platforms=[], accounts={(INSTA, "polres.a"): "POLRES_A"}, unseen=[handle]
    )
    assert found == [(Problem.UNLIKELY_HANDLE, f"@{handle[1]}: {reason}")]


def test_a_name_that_was_seen_as_a_handle_is_one() -> None:
    assert said(person(), (INSTA, "budisantoso")) == []
    assert said(person(nama="Budi"), (INSTA, "budi"), unseen=[(INSTA, "budi")]) == []


def test_who_shares_a_handle_and_what_the_upstream_said_of_one_never_seen() -> None:
    handle = (INSTA, "budi.s")
    sharer = Sharer(user_id="9", nama="Ani", client_id="POLRES_B")
    assert said(person(), handle, sharers={("75010001", *handle): [sharer]}) == [
        (Problem.SHARED_HANDLE, "@budi.s is also of Ani (9, POLRES_B)")
    ]
    for state, text in (
        (AccountState.PRIVATE, "Instagram @budi.s is private"),
        (AccountState.NO_POSTS, "Instagram @budi.s has no posts: is it the right one?"),
        (AccountState.RENAMED, "Instagram @budi.s is called @budi.santoso now"),
        (AccountState.GONE, "Instagram knows no @budi.s"),
        (AccountState.REFUSED, "Instagram shows nothing of @budi.s"),
        (AccountState.OPEN, None),
    ):
        called = "budi.santoso" if state is AccountState.RENAMED else None
        check = HandleCheck(
            platform=INSTA, username="budi.s", checked_at=NOON, state=state, called=called
        )
        checks = {handle: check}
        assert said(person(), handle, checks=checks, unseen=[handle]) == (
            [(Problem.ACCOUNT, text)] if text else []
        )
        assert said(person(), handle, checks=checks) == []  # seen since


def test_a_division_of_few_that_is_nearly_a_larger_one_is_asked_about() -> None:
    spellings = [
        *["SAT LANTAS"] * 3, *["POLSEK KOTA"] * 3, *["POLSEK 1"] * 3,
        "SAT LANTSA", "Sat. Lantas", "POLSEK KUTA", "POLSEK 2", "SPKT", None,
    ]  # fmt: skip
    users = [person(number, divisi=divisi) for number, divisi in enumerate(spellings)]
    handles = {user.user_id: [(INSTA, f"h{user.user_id}")] for user in users}
    found = find_problems(users, handles, known())
    assert {user_id: str(one.text) for user_id, [one] in found.items()} == {
        "75010009": "division SAT LANTSA: is it SAT LANTAS?",
        "750100014": "no division",
    }
    bare = [person(divisi=None)]
    assert find_problems(bare, {bare[0].user_id: [(INSTA, "x")]}, known()) == {}
