"""Differing: in which facts two records of one company differ, and which of the two stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.i18n import say
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.usecases.options import to_fill_in
from kmtrack.views.format import heading_of, value_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.ledger.rows import Row


class Difference(NamedTuple):
    """A fact of which one company of `id` stands: what was stated of each record, and what holds now.

    `stated` has for each record its id, its name and its value.
    """

    id: str
    field: str
    stated: list[tuple[str, str, Any]]
    stands: Any

    def in_words(self) -> str:
        """One line that says what holds now, and how to correct it."""
        # Two names by which to tell two names apart would be the names themselves.
        told = [
            f"{self._value(value)} ({id_ if self.field == 'name' else name})"
            for id_, name, value in self.stated
        ]
        stands = self._value(self.stands)
        heading = heading_of("company", self.field)
        line = say("join.differs", field=heading, values=", ".join(told), stands=stands)
        options = to_fill_in("company", self.field)
        return line + say("merge.settle", noun="company", id=self.id, options=options)

    def as_data(self) -> dict[str, Any]:
        """The difference as data."""
        values = {id_: value for id_, _, value in self.stated}
        return {"field": self.field, "values": values, "stands": self.stands}

    def _value(self, value: Any) -> str:
        value = bool(value) if self.field == "sme" and value is not None else value
        return " ".join(value_in_words("company", self.field, value).split()) or "-"


def differences(records: Sequence[Row], standing: Row) -> list[Difference]:
    """The facts that were stated of one of the records and do not hold of the company."""
    now = current_facts(standing)
    facts = [current_facts(row) for row in records]
    return [
        Difference(
            now["id"], field, [(row["id"], row["name"], row[field]) for row in facts], now[field]
        )
        for field in NOUNS["company"].fields
        if any(row[field] not in {None, now[field]} for row in facts)
    ]
