from __future__ import annotations

from cicero_cli.web.memory import Memory


def test_what_is_kept_is_found_until_it_is_too_old() -> None:
    seconds = [0.0]
    memory = Memory(monotonic=lambda: seconds[0])
    memory.set("a", b"1", seconds=30)

    seconds[0] = 29.9
    assert memory.get("a") == b"1"
    seconds[0] = 30.0
    assert memory.get("a") is None
    assert memory.get("b") is None


def test_the_least_used_go_first_when_there_is_too_much() -> None:
    memory = Memory(monotonic=lambda: 0.0, largest_bytes=10)
    memory.set("a", b"1234", seconds=30)
    memory.set("b", b"1234", seconds=30)
    memory.get("a")
    memory.set("c", b"1234", seconds=30)

    assert [memory.get(key) for key in "abc"] == [b"1234", None, b"1234"]
    memory.set("a", b"too much to keep", seconds=30)
    assert [memory.get(key) for key in "abc"] == [None, None, None]
    memory.set("d", b"12", seconds=30)
    assert memory.get("d") == b"12"
