from __future__ import annotations

import pytest

from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import add_client, choose_clients, get_client, set_client
from tests.services.fakes import BY

POLRES_A = Client(client_id="POLRES_A", nama="Polres A", client_insta="polres.a")


def test_a_client_is_added_as_it_will_be_compared(store: Store) -> None:
    added = add_client(
        store,
        {
            "client_id": " polres_a ",
            "nama": " Polres A ",
            "client_type": "direktorat",
            "client_insta": "https://www.instagram.com/Polres.A/",
            "client_tiktok": "@Polres_A",
            "client_operator": "0812-3456-7890",
            "client_super": None,
            "client_group": "120363012345678901@g.us",
            "timezone": "wit",
            "threshold": 0.75,
        },
        by=BY,
    )

    expected = Client(
        client_id="POLRES_A",
        nama="Polres A",
        client_type="DIREKTORAT",
        client_insta="polres.a",
        client_tiktok="polres_a",
        client_operator="6281234567890",
        client_group="120363012345678901@g.us",
        timezone="Asia/Jayapura",
        threshold=0.75,
    )
    assert added == expected
    assert store.clients.list() == [expected]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("client_id", "polres a", "CLIENT_ID 'polres a': expected letters, digits, dots, dashes"),
        ("client_insta", "polres a", "--insta 'polres a': expected a handle of letters"),
        ("client_operator", "12", "--operator '12': "),
        ("timezone", "UTC", "--timezone 'UTC': expected Asia/Jakarta (WIB), Asia/Makassar"),
        ("threshold", 1.5, "--threshold 1.5: expected a share above 0 and up to 1, such as 0.5"),
        ("threshold", float("nan"), "--threshold nan: expected a share above 0 and up to 1"),
        ("nama", "  ", "--nama '  ': expected a name"),
    ],
)
def test_a_value_that_is_none_is_named_by_its_option_and_nothing_is_changed(
    field: str, typed: object, message: str, store: Store
) -> None:
    with pytest.raises(InputError) as caught:
        add_client(store, {"client_id": "polres_a", "nama": "Polres A", field: typed}, by=BY)

    assert caught.value.message.startswith(message)
    assert caught.value.message.endswith("; nothing was changed")
    assert store.clients.list() == []


def test_an_id_that_is_taken_is_refused_in_any_case(store: Store) -> None:
    store.clients.add(POLRES_A)

    with pytest.raises(InputError) as caught:
        add_client(store, {"client_id": "Polres_a", "nama": "Lain"}, by=BY)

    assert (caught.value.message, caught.value.hint) == (
        "client POLRES_A exists already",
        "change it with: cicero client set POLRES_A",
    )
    assert store.clients.list() == [POLRES_A]


def test_a_client_that_there_is_not_gets_the_names_of_those_there_are(store: Store) -> None:
    with pytest.raises(NotFoundError) as caught:
        get_client(store, "polres_b")
    assert (caught.value.message, caught.value.hint) == (
        "there is no client POLRES_B",
        "add one with: cicero client add",
    )

    store.clients.add(POLRES_A)
    with pytest.raises(NotFoundError) as caught:
        get_client(store, "polres_b")
    assert caught.value.hint == "there are: POLRES_A"


def test_clients_are_chosen_by_name_once_each_or_all_active_ones(store: Store) -> None:
    polres_b = Client(client_id="POLRES_B", nama="Polres B", client_status=False)
    with pytest.raises(NotFoundError, match=r"^there is no active client$"):
        choose_clients(store, None)
    store.clients.add(POLRES_A)
    store.clients.add(polres_b)

    assert choose_clients(store, None) == [POLRES_A]
    assert choose_clients(store, ["polres_b", "POLRES_A", "Polres_B"]) == [polres_b, POLRES_A]
    with pytest.raises(NotFoundError, match=r"^there is no client POLRES_C$"):
        choose_clients(store, ["polres_a", "polres_c"])


def test_only_what_was_typed_is_changed_and_an_empty_text_clears(store: Store) -> None:
    store.clients.add(POLRES_A)

    changed = set_client(
        store, "polres_a", {"nama": None, "client_insta": "", "threshold": 1.0}, by=BY
    )

    expected = Client(client_id="POLRES_A", nama="Polres A", client_insta=None, threshold=1.0)
    assert changed == expected
    assert store.clients.get("POLRES_A") == expected


def test_changing_nothing_is_an_error(store: Store) -> None:
    store.clients.add(POLRES_A)

    with pytest.raises(InputError, match=r"^nothing to change was given$"):
        set_client(store, "polres_a", {"nama": None}, by=BY)
