from __future__ import annotations

import re

import pytest

from tests import json_fields
from tests.project.documents import CHECKOUT


def test_the_fields_of_a_document_are_its_paths() -> None:
    user = {
        "nama": "Ani",
        "hours": [],
        "was": None,
        "changed": {"insta": {"old": "a", "new": None}},
    }
    assert {*json_fields.fields({"users": [user], "insta": {"id": 1}})} == {
        ".",
        "users[].nama",
        "users[].hours[]",
        "users[].was",
        "users[].changed.{field}.old",
        "users[].changed.{field}.new",
        "{platform}.id",
    }
    assert {*json_fields.fields([{"params": {"name": "x"}}])} == {"[]", "params"}
    assert {*json_fields.fields({"insta": {"id": 1}, "tiktok": {"id": 2}})} == {"id"}


def test_a_field_that_no_document_has_fails_the_test_that_writes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RECORD_JSON", raising=False)
    json_fields.note(("status", "--json"), '{"runs": [], "outbox": {}}')
    json_fields.note(("status",), '{"news": 1}')
    with pytest.raises(AssertionError, match=r"status: \['news'\] not in json_fields.txt"):
        json_fields.note(("status", "--output", "json"), '{"news": 1}')


def test_every_field_of_the_list_is_still_a_word_of_the_code() -> None:
    sources = [*(CHECKOUT / "cicero_cli").rglob("*.py"), *(CHECKOUT / "sql").rglob("*.sql")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    words = {*re.findall(r"\w+", text)}
    made = {*re.findall(r'f"(\w+_)\{', text)}  # f"extra_{platform}"
    gone = [
        f"{command}: {path}"
        for command, paths in json_fields.documented().items()
        for path in paths
        for name in re.findall(r"(?<!\{)\b\w+\b(?!\})", path)
        if name not in words and f"{name.partition('_')[0]}_" not in made
    ]
    assert gone == []
