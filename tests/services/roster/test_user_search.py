"""A user by id, handle or name, as long as one is meant."""

from __future__ import annotations

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.user_search import find_user


def test_a_user_is_found_by_what_is_one_users(store: Store) -> None:
    for client_id in ("A", "B"):
        store.clients.add(Client(client_id=client_id, nama=client_id))
    for user_id, client_id, nama, insta, status in (
        ("001", "A", "Budi Santoso", "budi.s", True),
        ("002", "B", "Budi Hartono", "budi.h", False),
        ("003", "B", "Dewi", "budi.h", True),
        ("004", "A", "Budi", None, True),
        ("Ani", "A", "Rina", None, True),
        ("005", "A", "Ani", None, True),
        ("006", "A", "100% Eko_", None, True),
    ):
        store.users.add(
            User(user_id=user_id, client_id=client_id, nama=nama, insta=insta, status=status)
        )
    store.users.set_extra_handles("001", Platform.TIKTOK, ["santoso"])

    found = {
        words: find_user(store, words).user_id
        for words in ("001", "@Budi.S", "https://www.instagram.com/budi.s/", "budi.h", "santoso",
                      " budi  HARTONO ", "budi", "Ani", "rtono", "%", "_")
    }  # fmt: skip

    assert found == {
        "001": "001",
        "@Budi.S": "001",
        "https://www.instagram.com/budi.s/": "001",
        "budi.h": "003",  # who has it, not who had it
        "santoso": "001",
        " budi  HARTONO ": "002",
        "budi": "004",  # the very name
        "Ani": "Ani",  # the id comes first
        "rtono": "002",
        "%": "006",
        "_": "006",
    }
    with pytest.raises(InputError) as several:
        find_user(store, "bud")
    assert several.value.message == (
        "'bud' is 3 users: 004 (Budi, A), 002 (Budi Hartono, B), 001 (Budi Santoso, A);"
        " nothing was done"
    )
    with pytest.raises(NotFoundError, match="there is no user 'nobody'"):
        find_user(store, "nobody")
