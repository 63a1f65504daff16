"""An API client whose waiting is written down instead of done, and two upstreams on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from cicero_cli.domain.roster.clients import Client
from cicero_cli.gateways.upstream.http import JsonApi
from cicero_cli.standins.upstream.accounts import StandInAccount
from cicero_cli.standins.upstream.faults import Fault
from cicero_cli.standins.upstream.server import StandIn

PAYLOADS = Path(__file__).resolve().parents[2] / "payloads"
KEY = "0123456789abcdef0123456789"
NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
TODAY = datetime(2026, 3, 13, 17, 0, tzinfo=UTC)  # midnight in Jakarta

OpenApi = Callable[..., JsonApi]
Serve = Callable[..., StandIn]


@pytest.fixture
def naps() -> list[float]:
    """The seconds that the client would have slept."""
    return []


@pytest.fixture
def open_api(naps: list[float]) -> Iterator[OpenApi]:
    """Open a client that never waits: its clock jumps a second whenever somebody looks."""
    with ExitStack() as stack:

        def open_one(url: str, **options: Any) -> JsonApi:
            defaults = {
                "key": KEY,
                "parallel": 4,
                "rate": 1_000,
                "sleep": naps.append,
                "monotonic": count().__next__,
                "jitter": lambda: 0.0,
            }
            return stack.enter_context(JsonApi(url, **(defaults | options)))

        yield open_one


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve accounts, with faults: `serve(account, Fault(…))`."""
    with ExitStack() as stack:

        def serve_these(*parts: StandInAccount | Fault) -> StandIn:
            accounts = [part for part in parts if isinstance(part, StandInAccount)]
            faults = [part for part in parts if isinstance(part, Fault)]
            return stack.enter_context(StandIn(accounts, faults=faults))

        yield serve_these


@pytest.fixture
def client() -> Client:
    """A client on both platforms."""
    return Client(
        client_id="POLRES_A",
        nama="Polres A",
        client_insta="polres.a",
        client_tiktok="polres_a",
    )
