"""Expected rows: what all entries of a ledger add up to, now or as it was known at a moment."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kmtrack.ledger.company_identity import OwnCompany, united
from kmtrack.ledger.entry_replay import fold, statements_by_record, statements_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store


class ExpectedRows:
    """The rows that a ledger should have; with `known_at` (UTC) those that it had at that moment."""

    def __init__(self, store: Store, known_at: str | None = None) -> None:
        self._store = store
        self._known_at = known_at

    def of(self, noun: str) -> Iterator[Row]:
        """The rows of a noun, in the order of their ids."""
        for record_id, statements in statements_by_record(self._store, noun, self._known_at):
            row = self._united.get(record_id) or fold(noun, record_id, statements)
            if row is not None:
                yield self._placed(row)

    def _placed(self, row: Row) -> Row:
        """A row with the record that stands for its company, where several are one."""
        company_id = row.get("company_id")
        if company_id in self._united:
            row["company_id"] = self._united[company_id]["part_of"] or company_id
        return row

    @cached_property
    def _united(self) -> dict[str, Row]:
        """The rows of the companies that several records are of."""
        companies = [
            OwnCompany.of(row)
            for record_id, said in statements_by_record(self._store, "company", self._known_at)
            if (row := fold("company", record_id, said)) is not None
        ]
        return united(
            companies, lambda ids: statements_on(self._store, "company", ids, self._known_at)
        )
