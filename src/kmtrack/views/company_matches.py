"""Company matches: companies in one line, to tell which one is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.errors import in_words
from kmtrack.ledger.rows import current_facts
from kmtrack.municipalities import municipality_name

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.rows import Row
    from kmtrack.usecases.company_lookup import CompanyMatch


def company_in_words(row: Row, today: date) -> str:
    """Return the name of a company with its municipality and CVR number, as far as they are known."""
    code = current_facts(row, today)["municipality"]
    named = ", ".join(filter(None, (row["name"], municipality_name(code) if code else "")))
    return f"{named} ({row['cvr']})" if row["cvr"] else named


def match_in_words(match: CompanyMatch) -> str:
    """Return the details beside the name of a company that may be meant: where it is, and when last met."""
    met = match.last_contact
    words = (match.municipality, str(in_words(met)) if met else "")
    return "  ".join(filter(None, words))
