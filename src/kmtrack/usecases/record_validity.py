"""Validity: whether the facts of a stored record contradict each other, so that `edit` refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.errors import FieldsDisagree
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.facts import FieldErrors
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Mapping


def disagreement_in(noun: str, row: Mapping[str, Any]) -> FieldsDisagree | None:
    """Return how the facts of a record contradict each other; None if they agree.

    Two brokers may each have corrected one of two days, or one of them may have undone their
    correction.
    """
    facts = NOUNS[noun].facts
    if facts is None or noun == "person":  # the name of one is in no entry
        return None
    rows = [dict(row), current_facts(row)] if noun == "company" else [dict(row)]
    for each in rows:
        try:
            facts.of_clean(facts.from_row(each))
        except FieldErrors as found:
            for error in found.errors:
                if isinstance(error.error, FieldsDisagree):
                    return error.error
    return None
