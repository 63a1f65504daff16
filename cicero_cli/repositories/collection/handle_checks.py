"""Handles on file: who shares one, which were never seen, and rows of `handle_check`, what the upstream said of those."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import psycopg

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.user_problems import AccountState, Handle, HandleCheck, Sharer
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("handle_checks")


class HandleCheckRepository:
    """What is known of people's handles."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def of_clients(self, client_ids: Sequence[str]) -> dict[str, list[Handle]]:
        """By user id the handles of the clients' active people, the main ones first."""
        rows = self._connection.execute(
            _SQL["list_handles_of_clients"], {"client_ids": [*client_ids]}
        )
        found: dict[str, list[Handle]] = defaultdict(list)
        for user_id, platform, username in rows:
            found[user_id].append((Platform(platform), username))
        return dict(found)

    def sharers(self, client_id: str) -> Mapping[tuple[str, Platform, str], Sequence[Sharer]]:
        """By user, platform and handle who else has it."""
        rows = self._connection.execute(_SQL["list_shared_handles"], {"client_id": client_id})
        found: dict[tuple[str, Platform, str], list[Sharer]] = defaultdict(list)
        for user_id, platform, username, other_id, other_client, other_nama in rows:
            found[user_id, Platform(platform), username].append(
                Sharer(user_id=other_id, nama=other_nama, client_id=other_client)
            )
        return dict(found)

    def unseen(self, handles: Collection[Handle], client_ids: Sequence[str]) -> set[Handle]:
        """Those of the handles that no reading of these clients' posts has shown; none of a platform that was never read."""
        asked = sorted(handles)
        read = {
            Platform(platform)
            for (platform,) in self._connection.execute(
                _SQL["list_read_platforms"], {"client_ids": [*client_ids]}
            )
        }
        seen = {
            (Platform(platform), username)
            for platform, username in self._connection.execute(
                _SQL["list_seen_handles"],
                {
                    "platforms": [platform.value for platform, _ in asked],
                    "usernames": [username for _, username in asked],
                    "client_ids": [*client_ids],
                },
            )
        }
        return {handle for handle in asked if handle[0] in read} - seen

    def find(self, handles: Collection[Handle]) -> dict[Handle, HandleCheck]:
        """What was found out about these handles, as far as anything was."""
        rows = self._connection.execute(
            _SQL["list_handle_checks"],
            {"usernames": sorted({username for _, username in handles})},
        )
        checks = [
            HandleCheck(
                platform=Platform(platform),
                username=username,
                checked_at=checked_at,
                state=AccountState(state),
                called=called,
            )
            for platform, username, checked_at, state, called in rows
        ]
        return {(check.platform, check.username): check for check in checks}

    def save(self, check: HandleCheck) -> None:
        """Keep what the upstream says now."""
        self._connection.execute(
            _SQL["save_handle_check"],
            {
                "platform": check.platform,
                "username": check.username,
                "checked_at": check.checked_at,
                "state": check.state,
                "called": check.called,
            },
        )

    def forget_strangers(self) -> None:
        """Drop what was found out about handles that nobody has any more."""
        self._connection.execute(_SQL["forget_handle_checks"])
