"""Joining: which records of companies are one company, and the row that stands for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.ledger.folding import Statement
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store import Store

_JOINED: Final = "SELECT id, joined FROM company WHERE joined IS NOT NULL"
# What is of each record by itself, however many are one company.
_OWN_ACTIONS: Final = frozenset({"join", "withdraw"})
_OWN_COLUMNS: Final = frozenset({"joined", "withdrawn"})


class Companies:
    """Which records of companies are one.

    It does not matter who said that one is the other, nor in which direction or how often.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._group: dict[str, set[str]] = {}
        for one, other in pairs:
            together = self._group.get(one, {one}) | self._group.get(other, {other})
            for member in together:
                self._group[member] = together

    def records_of(self, company_id: str) -> list[str]:
        """All records of the company that this record is of."""
        return sorted(self._group.get(company_id, {company_id}))

    @property
    def joined(self) -> list[str]:
        """The records that are one company with another."""
        return sorted(self._group)


def joined_companies(store: Store) -> Companies:
    """Which records of companies are one, as their rows say."""
    return Companies((row["id"], row["joined"]) for row in store.each(_JOINED))


def rows_of_company(ids: Sequence[str], statements: Sequence[Statement]) -> list[Row]:
    """The rows of the records that are one company, the one that stands for all of them first.

    That one was recorded first. It holds what was stated of any of them, the later statement
    standing, and it is withdrawn only where all of them are. The others are its parts.
    """
    own = [fold("company", id_, [s for s in statements if s.record_id == id_]) for id_ in ids]
    rows = sorted(
        (row for row in own if row is not None), key=lambda row: (row["recorded_at"], row["id"])
    )
    if len(rows) <= 1:
        return rows
    first, *parts = rows
    whole = fold("company", first["id"], map(_of_the_whole, statements)) or {}
    whole["joined"] = first["joined"]
    whole["withdrawn"] = first["withdrawn"] if all(row["withdrawn"] for row in rows) else None
    for part in parts:
        part["part_of"] = first["id"]
        part["withdrawn"] = part["withdrawn"] or f"→ {first['id']}"
    return [whole, *parts]


def _of_the_whole(stated: Statement) -> Statement:
    """A statement on one record as far as it is of the whole company."""
    if stated.action in _OWN_ACTIONS:
        return stated._replace(action="redact")
    if stated.action == "undo" and not _OWN_COLUMNS.isdisjoint(stated.facts):
        facts = {name: value for name, value in stated.facts.items() if name not in _OWN_COLUMNS}
        return stated._replace(facts=facts)
    return stated
