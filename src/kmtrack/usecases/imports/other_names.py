"""Other names: companies that rows name by CVR number, but with a name that is not theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.ledger.queries.record_names import rows_of
from kmtrack.ledger.schema.names import core_of, name_key
from kmtrack.usecases.companies import are_alike
from kmtrack.usecases.imports.recognition import CHUNK
from kmtrack.usecases.imports.result import OtherName

if TYPE_CHECKING:
    from kmtrack.usecases.imports.result import RowPosition
    from kmtrack.usecases.imports.rows import ImportContext


class OtherNames:
    """Compares the names beside CVR numbers with those of the companies, in batches."""

    def __init__(self, context: ImportContext) -> None:
        self._context = context
        # The first row with each name of each company (id).
        self._waiting: dict[tuple[str, str], RowPosition] = {}
        self._seen: set[tuple[str, str]] = set()

    def note(self, position: RowPosition, company_id: str, name: str) -> None:
        """Note the name that a row gives a company."""
        named = (company_id, name)
        if named in self._seen:
            return
        self._seen.add(named)
        self._waiting[named] = position
        if len(self._waiting) >= CHUNK:
            self.compare()

    def compare(self) -> None:
        """Report the noted names that are not those of their companies, each once."""
        if not self._waiting:
            return
        self._context.work.flush()
        store, known = self._context.session.store, self._context.companies
        rows = {
            row["id"]: row for row in rows_of(store, "company", {id_ for id_, _ in self._waiting})
        }
        for (company_id, name), position in self._waiting.items():
            row = rows.get(company_id)
            if row is None or _may_be(row["name"], name) or known.was_called(company_id, name):
                continue
            found = OtherName(position, row["name"], company_id, row["cvr"], name)
            self._context.report.other_names.report(found)
        self._waiting.clear()


def _may_be(ours: str, theirs: str) -> bool:
    """Return whether two names may belong to one company: nearly equal, or one with words left out."""
    one, other = (core_of(name_key(name)) for name in (ours, theirs))
    words, others = set(one.split()), set(other.split())
    return words <= others or others <= words or are_alike(one, other)
