from __future__ import annotations

import pytest

from cicero_cli.repositories.database.store import Store


@pytest.mark.parametrize("noun", list(Store.__annotations__))
def test_a_noun_of_the_store_is_the_repository_that_its_type_names(store: Store, noun: str) -> None:
    repository = getattr(store, noun)
    assert Store.__annotations__[noun] == f"_Noun[{type(repository).__name__}]"
    assert getattr(store, noun) is repository
