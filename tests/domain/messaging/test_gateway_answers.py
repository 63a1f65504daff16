from __future__ import annotations

from datetime import UTC, datetime

from cicero_cli.domain.messaging.gateway_answers import sending_day_start


def test_the_day_of_the_cap_begins_at_midnight_in_jakarta() -> None:
    started = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert sending_day_start(started) == started
    assert sending_day_start(datetime(2026, 11, 21, 16, 59, tzinfo=UTC)) == started
    assert sending_day_start(datetime(2026, 11, 20, 16, 59, tzinfo=UTC)) < started
