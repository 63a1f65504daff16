"""An installation of before the history: which past days have other figures after `cicero db migrate`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.operations.upgrade import MovedFigures, UpgradeRepository

HISTORY = "0022"  # the migration that brought the roster of the day
_EVER = (date(1970, 1, 1), date(9999, 12, 31))


def list_moved_figures(store: Store) -> Iterator[tuple[str, Platform, MovedFigures]]:
    """Every past day that differs, with its client and platform."""
    upgrade = UpgradeRepository(store.connection)
    for client in store.clients.list():
        for platform in Platform:
            store.engagement(platform).recount(client.client_id, *_EVER)
            for moved in upgrade.moved_figures(client.client_id, platform):
                yield client.client_id, platform, moved
