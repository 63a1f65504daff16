from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as some

from cicero_cli.domain.attendance.sheet_names import free_name


@given(some.lists(some.text(max_size=40), min_size=1, max_size=5))
@example(["History", "a" * 40, "a" * 41, "A" * 40, "[]:*?/\\", "'x'", "", " ", "👮" * 30, "\x00"])
def test_every_sheet_gets_a_name_that_excel_takes_and_no_other_has(names: list[str]) -> None:
    taken: set[str] = set()
    for name in names:
        free = free_name(name, taken)
        assert 0 < len(free.encode("utf-16-le", "surrogatepass")) // 2 <= 31
        assert not set(free) & set("[]:*?/\\")
        assert free.casefold() not in {*taken, "history"}
        assert not free.startswith("'")
        assert not free.endswith("'")
        taken.add(free.casefold())
