"""Joining: which records of companies are one company, and the row that stands for all of them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.rows import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kmtrack.ledger.entries import StoredEntry
    from kmtrack.ledger.rows import Columns, Row

# What is of each record by itself, however many are one company.
OWN_COLUMNS: Final = frozenset({"joined", "withdrawn"})
_OWN_ACTIONS: Final = frozenset({"join", "withdraw"})


class OwnCompany(NamedTuple):
    """What tells which company a record is of, as the record adds up to by itself."""

    id: str
    cvr: str | None
    joined: str | None
    withdrawn: str | None

    @classmethod
    def of(cls, row: Columns) -> OwnCompany:
        """That of a row."""
        return cls(row["id"], row["cvr"], row["joined"], row["withdrawn"])


class Groups:
    """Which records of companies are one; it does not matter in which direction that is said."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._group: dict[str, set[str]] = {}
        for one, other in pairs:
            together = self._group.get(one, {one}) | self._group.get(other, {other})
            for member in together:
                self._group[member] = together

    def __contains__(self, record_id: str) -> bool:
        return record_id in self._group

    def all(self) -> list[list[str]]:
        """Every group of records that are one company."""
        return [sorted(group) for id_, group in self._group.items() if id_ == min(group)]


def joined_with(company: OwnCompany) -> list[tuple[str, str]]:
    """What was said of a record: with which others it is one company, as pairs of ids."""
    return [(company.id, other) for other in (company.joined or "").split()]


def united(
    companies: Sequence[OwnCompany], said: Callable[[Sequence[str]], Sequence[StoredEntry]]
) -> dict[str, Row]:
    """The rows of all records that are one company with another, by id.

    Records are one company where somebody said so, and where what stands of them has one CVR
    number: so two ledgers come to the same, whichever is joined to the other. `said` gives what
    was stated of records, in order.
    """
    known = {company.id for company in companies}
    pairs = [pair for company in companies for pair in joined_with(company) if pair[1] in known]
    stated = Groups(pairs)
    by_cvr: dict[str, list[str]] = defaultdict(list)
    for company in companies:
        if company.id not in stated and company.cvr and company.withdrawn is None:
            by_cvr[company.cvr].append(company.id)
    for group in stated.all():
        whole = rows_of_company(group, said(group))[0]
        if whole["cvr"] and whole["withdrawn"] is None:
            by_cvr[whole["cvr"]].append(whole["id"])
    pairs += [(ids[0], other) for ids in by_cvr.values() for other in ids[1:]]
    rows: dict[str, Row] = {}
    for group in Groups(pairs).all():
        rows.update((row["id"], row) for row in rows_of_company(group, said(group)))
    return rows


def rows_of_company(ids: Sequence[str], statements: Sequence[StoredEntry]) -> list[Row]:
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
    whole = fold_of_company(first["id"], statements) or first
    whole["joined"] = first["joined"]
    whole["withdrawn"] = first["withdrawn"] if all(row["withdrawn"] for row in rows) else None
    for part in parts:
        part["part_of"] = first["id"]
        part["withdrawn"] = part["withdrawn"] or f"→ {first['id']}"
    return [whole, *parts]


def fold_of_company(record_id: str, statements: Iterable[StoredEntry]) -> Row | None:
    """What statements on several records of one company add up to, but for OWN_COLUMNS."""
    return fold("company", record_id, map(of_the_whole, statements))


def of_the_whole(stated: StoredEntry) -> StoredEntry:
    """A statement on one record as far as it is of the whole company."""
    if stated.action in _OWN_ACTIONS:
        return stated._replace(action="redact")
    if stated.action == "undo" and not OWN_COLUMNS.isdisjoint(stated.facts):
        facts = {name: value for name, value in stated.facts.items() if name not in OWN_COLUMNS}
        return stated._replace(facts=facts)
    return stated
