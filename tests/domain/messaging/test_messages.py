from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.messaging.messages import is_group, split_text

LINES = st.text(st.sampled_from("ab *é😀"), max_size=60)
TEXTS = st.lists(LINES, max_size=40).map("\n".join)
LIMITS = st.integers(15, 200)
NUMBER = re.compile(r"\((\d+)/(\d+)\)\n")


def is_balanced(line: str) -> bool:
    return line.count("*") % 2 == 0


def without_numbers(parts: list[str]) -> list[str]:
    return [NUMBER.sub("", part, count=1) for part in parts] if len(parts) > 1 else parts


def test_a_part_begins_with_a_paragraph_where_one_fits() -> None:
    text = "*A (3)*\n1. Ani\n2. Adi\n3. Ayu\n\n*B (2)*\n1. Budi\n2. Bima\n\n*C (1)*\n1. Citra"
    assert split_text(text, 54) == [
        "(1/2)\n*A (3)*\n1. Ani\n2. Adi\n3. Ayu",
        "(2/2)\n*B (2)*\n1. Budi\n2. Bima\n\n*C (1)*\n1. Citra",
    ]


def test_a_text_within_the_limit_stays_as_it_is() -> None:
    assert split_text("*Laporan*\n1. Budi", 60_000) == ["*Laporan*\n1. Budi"]


def test_a_long_text_is_cut_between_lines_and_numbered() -> None:
    text = "\n".join(f"{number}. *Budi*" for number in range(1, 7))
    assert split_text(text, 35) == [
        "(1/3)\n1. *Budi*\n2. *Budi*",
        "(2/3)\n3. *Budi*\n4. *Budi*",
        "(3/3)\n5. *Budi*\n6. *Budi*",
    ]


def test_a_line_longer_than_a_part_is_cut_between_words_with_its_bold_kept() -> None:
    assert split_text("*satu dua tiga empat lima*", 25) == [
        "(1/3)\n*satu dua*",
        "(2/3)\n*tiga empat*",
        "(3/3)\n*lima*",
    ]


@given(TEXTS, LIMITS)
def test_no_part_is_longer_than_the_limit(text: str, limit: int) -> None:
    assert all(len(part) <= limit for part in split_text(text, limit))


@given(TEXTS, LIMITS)
def test_parts_are_numbered_in_order(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    if len(parts) > 1:
        found = [NUMBER.match(part) for part in parts]
        expected = [(str(place), str(len(parts))) for place in range(1, len(parts) + 1)]
        assert [match.groups() for match in found if match] == expected


@given(st.lists(st.text(st.sampled_from("ab *é"), min_size=1, max_size=5), min_size=1), LIMITS)
def test_the_parts_together_are_the_text(lines: list[str], limit: int) -> None:
    """Also line by line, when no line is longer than a part."""
    text = "\n".join(lines)
    assert "\n".join(without_numbers(split_text(text, limit))) == text


@given(TEXTS, LIMITS)
def test_no_word_is_lost(text: str, limit: int) -> None:
    joined = "".join(without_numbers(split_text(text, limit)))
    assert re.sub(r"[\s*]", "", joined) == re.sub(r"[\s*]", "", text)


@given(st.lists(LINES.filter(is_balanced), max_size=40), LIMITS)
def test_bold_pairs_stay_whole_on_every_line(lines: list[str], limit: int) -> None:
    parts = without_numbers(split_text("\n".join(lines), limit))
    assert all(is_balanced(line) for part in parts for line in part.split("\n"))


@given(st.lists(st.sampled_from(["", "a", "*bold*"]), max_size=60), st.integers(20, 99))
def test_blank_lines_are_lost_only_where_a_part_begins_or_ends(
    lines: list[str], limit: int
) -> None:
    parts = without_numbers(split_text("\n".join(lines), limit))
    text = "\n".join(lines)
    for part in parts:
        assert part in text
        text = text[text.index(part) + len(part) :]
    assert text.strip("\n") == ""


@pytest.mark.parametrize("limit", [1, 10, 12])
def test_a_limit_without_room_for_words_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match="has no room"):
        split_text("*aaaaaaaaaaaaaaaaaaaaaaaa*", limit)


def test_a_group_is_known_by_its_id() -> None:
    assert (is_group("120363000000000001@g.us"), is_group("6281211110001")) == (True, False)
