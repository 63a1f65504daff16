"""Stand-ins for what cicero talks to: for tests, benchmarks and `cicero demo`; never used against real accounts."""

from __future__ import annotations
