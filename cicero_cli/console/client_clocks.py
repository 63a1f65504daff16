"""Times by the clock of the client that they are about; what is about none is told in WIB (`console/tables.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cicero_cli.domain.roster.clients import Client


def on_clients_clocks(
    rows: Iterable[Mapping[str, Any]], clients: Iterable[Client]
) -> list[dict[str, Any]]:
    """The rows, each with its times in the zone of the client that its `client_id` names."""
    zones = {client.client_id: client.zone for client in clients}
    return [
        {
            name: value.astimezone(zones[row["client_id"]])
            if isinstance(value, datetime) and row.get("client_id") in zones
            else value
            for name, value in row.items()
        }
        for row in rows
    ]
