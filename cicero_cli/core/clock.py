"""The only place that reads the clock or sleeps; everything else takes the time as an argument."""

from __future__ import annotations

import time
from datetime import UTC, datetime

sleep = time.sleep
monotonic = time.monotonic


def local_zone() -> str:
    """What this machine calls its zone, such as WIB or UTC."""
    return now().astimezone().tzname() or "UTC"


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)
