"""Matches: companies in one line, to tell which one is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.municipalities import municipality_name

if TYPE_CHECKING:
    from kmtrack.ledger.rows import Row


def company_in_words(row: Row) -> str:
    """Return the name of a company with its municipality and CVR number, as far as they are known."""
    place = municipality_name(row["municipality"]) if row["municipality"] else ""
    named = ", ".join(filter(None, (row["name"], place)))
    return f"{named} ({row['cvr']})" if row["cvr"] else named
