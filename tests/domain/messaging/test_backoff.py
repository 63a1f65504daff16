from __future__ import annotations

from datetime import timedelta

import pytest

from cicero_cli.domain.messaging.backoff import next_attempt
from tests.services.fakes import at

NOON = at("2026-11-21 05:00")


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 10), (5, 20), (6, 40), (7, 60), (99, 60)]
)
def test_each_try_waits_longer_up_to_an_hour(attempts: int, minutes: int) -> None:
    assert next_attempt(attempts, "http_500", now=NOON) == NOON + timedelta(minutes=minutes)


def test_a_number_that_cannot_be_found_is_tried_on_another_day() -> None:
    assert next_attempt(1, "invalid_jid", now=NOON) == NOON + timedelta(days=1)
