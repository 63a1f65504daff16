"""How the database's state is shown: its migrations where they are not as they should be, else its sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome
from cicero_cli.console.states import Painted
from cicero_cli.console.tables import table_text
from cicero_cli.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cicero_cli.services.operations.sizes import Sizes

_COLUMNS = {
    "name": "table",
    "rows": "rows",
    "megabytes": "MB",
    "megabytes_per_day": "MB a day",
}
_MOST_NAMED = 8


def sizes_outcome(migrations: Sequence[dict[str, Any]], sizes: Sizes) -> Outcome:
    """Of a database that is current."""
    document = sizes.document()
    rows = [
        {
            **row,
            "megabytes": row["bytes"] / 1e6,
            "megabytes_per_day": None
            if row["bytes_per_day"] is None
            else row["bytes_per_day"] / 1e6,
        }
        for row in document["tables"]
    ]
    lines = [
        Text(
            "{megabytes:,.1f} MB in {count:,} tables; all {migrations:,} migrations are applied.",
            megabytes=sizes.total / 1e6,
            count=len(rows),
            migrations=len(migrations),
        ),
        _growth(sizes),
    ]
    if sizes.free is not None:
        lines.append(Text("{gigabytes:,.1f} GB are free on its disk.", gigabytes=sizes.free / 1e9))
    text = "\n".join(shown(line) for line in lines)
    return Outcome(
        rows=rows,
        document={"migrations": [*migrations], **document},
        text=Painted(f"{text}\n\n{table_text(rows[:_MOST_NAMED], _COLUMNS)}"),
    )


def _growth(sizes: Sizes) -> Text:
    if sizes.bytes_per_day is None or sizes.since is None:
        return Text(
            "How fast it grows is known from the day after the first `cicero db backup` on."
        )
    return Text(
        "It grew by {megabytes:,.1f} MB a day since {since:%Y-%m-%d}, which is {yearly:,.1f} GB a year.",
        megabytes=sizes.bytes_per_day / 1e6,
        since=sizes.since,
        yearly=sizes.bytes_per_day * 365 / 1e9,
    )
