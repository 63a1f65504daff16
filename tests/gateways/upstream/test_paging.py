from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.errors import UpstreamError
from cicero_cli.gateways.upstream.paging import End, Page, Pages, read_pages

TOKENS = st.sampled_from([None, "", "a", "b", "c", "d"])
PAGES = st.builds(Page, items=st.lists(st.integers(0, 9)), next_token=TOKENS)


def read(pages: dict[str | None, Page[int, str]], **options: object) -> Pages[int]:
    arguments: dict[str, object] = {"key": lambda item: item, "max_pages": 10}
    return read_pages(pages.__getitem__, **(arguments | options))


@given(st.fixed_dictionaries(dict.fromkeys((None, "a", "b", "c", "d"), PAGES)))
def test_no_listing_is_asked_twice_for_a_page_or_gives_an_item_twice(
    pages: dict[str | None, Page[int, str]],
) -> None:
    asked = []

    def fetch(token: str | None) -> Page[int, str]:
        asked.append(token)
        return pages[token]

    result = read_pages(fetch, key=lambda item: item, max_pages=4)

    assert len(asked) == len(set(asked)) <= 4
    assert len(result.items) == len(set(result.items))
    assert set(result.items) == {item for token in asked for item in pages[token].items}
    assert (result.end is End.LAST) == (not pages[asked[-1]].next_token)


def test_pages_follow_each_other_in_order() -> None:
    result = read({None: Page([3, 1], "a"), "a": Page([1, 2], "b"), "b": Page([7], None)})

    assert result == Pages((3, 1, 2, 7), End.LAST)


def test_an_empty_page_that_offers_nothing_more_is_the_end() -> None:
    assert read({None: Page([1], "a"), "a": Page([], "")}).end is End.LAST


def test_an_empty_page_that_offers_more_is_a_cut_listing() -> None:
    pages = {None: Page([1], "a"), "a": Page([], "b"), "b": Page([], "c")}
    assert read(pages).end is End.CUT


def test_an_empty_page_between_two_others_is_passed_over() -> None:
    pages = {None: Page([1], "a"), "a": Page([], "b"), "b": Page([2], None)}
    assert read(pages) == Pages((1, 2), End.LAST)


def test_what_came_before_a_page_that_fails_is_kept() -> None:
    error = UpstreamError("502")

    def fetch(token: str | None) -> Page[int, str]:
        if token is not None:
            raise error
        return Page([1], "a")

    assert read_pages(fetch, key=lambda item: item, max_pages=9) == Pages(
        (1,), End.FAILED, error=error
    )


def test_a_token_that_comes_back_is_a_cut_listing() -> None:
    assert read({None: Page([1], "a"), "a": Page([2], "a")}) == Pages((1, 2), End.CUT)


def test_a_page_without_anything_new_is_a_cut_listing() -> None:
    pages = {None: Page([1], "a"), "a": Page([1], "b"), "b": Page([1], "c")}
    assert read(pages).end is End.CUT


def test_too_many_pages_are_a_cut_listing() -> None:
    result = read_pages(
        lambda token: Page([token], (token or 0) + 1), key=lambda item: item, max_pages=3
    )

    assert result == Pages((None, 1, 2), End.CUT)


def test_the_caller_may_have_seen_enough() -> None:
    result = read({None: Page([1], "a")}, is_enough=lambda page: 1 in page.items)

    assert result.end is End.ENOUGH


def test_unreadable_items_are_named_and_do_not_end_a_listing() -> None:
    result = read({None: Page([], "a", unreadable=["x", "y"]), "a": Page([1], None, ["z"])})

    assert result == Pages((1,), End.LAST, unreadable=("x", "y", "z"))
