from __future__ import annotations

from cicero_cli.domain.roster.client_import_undo import ClientImportChange, plan_client_undo
from cicero_cli.domain.roster.clients import Client, from_top, is_below_itself


def test_a_unit_that_would_come_to_be_below_itself_stays_where_it_is() -> None:
    present = {
        "A": Client(client_id="A", nama="A"),
        "B": Client(client_id="B", nama="B", under="A"),  # which was under nobody at the import
    }
    change = ClientImportChange(
        client_id="A",
        before={"under": "B", "threshold": 0.6},
        after={"under": None, "threshold": 0.5},
    )
    plan = plan_client_undo([change], present, [], {})
    assert plan.restored == [Client(client_id="A", nama="A", threshold=0.6)]
    ((key, field, reason),) = [(kept.key, kept.field, str(kept.reason)) for kept in plan.kept]
    assert (key, field, reason) == ("A", "under", "a unit cannot be below itself, so this stays")


def test_units_above_come_before_those_below() -> None:
    above = {"A": "B", "B": "C", "C": None, "D": "A"}
    assert from_top("DABC", above) == ["C", "B", "A", "D"]
    assert not any(is_below_itself(unit, above) for unit in above)
    assert is_below_itself("C", above | {"C": "D"})
