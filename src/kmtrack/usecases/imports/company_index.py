"""Company index: finds the company that a row names, by CVR number, id or exact name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeGuard

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.queries.companies import (
    company_by_id,
    company_keys,
    earlier_names,
    live_companies_by_cvr,
    live_companies_by_name,
    live_cvr_numbers,
    withdrawn_companies,
)
from kmtrack.ledger.schema.names import name_key, spelling_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.usecases.company_lookup import why_withdrawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_REMEMBERED: Final = 50_000
# The number of keys looked up one by one before all are read, unless there are too many.
_SINGLY: Final = 50
_MOST_KEPT: Final = 200_000
_SHOWN: Final = 5

# Stands for a company whose own row in the file is bad: that was reported there.
BAD_IN_FILE: Final = ""
# Stands for several companies of the file that have one name.
_SEVERAL: Final = "several"


class NamedCompany(NamedTuple):
    """The company that a cell names; a withdrawn company refuses new records."""

    id: str
    refusal: Refusal | None = None


class CompanyIndex:
    """Finds companies for the rows that name them, and remembers which reference belongs to which."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[object, NamedCompany] = {}
        # Most files refer to companies by these, many times over, so load them all in one query.
        self._by_cvr = live_cvr_numbers(store, _REMEMBERED)
        self._in_file: dict[str, str] = {}
        self._earlier = earlier_names(store)
        self._sought = 0
        self._keys: set[str] | None = None
        self._added_keys: set[str] = set()
        self._withdrawn: dict[str, Row] = {}
        for row in withdrawn_companies(store):
            for text in (row["id"], row["cvr"], row["name_key"]):
                if text:
                    self._withdrawn[text] = row

    def remember(self, company_id: str, cvr: str | None, name: str | None) -> None:
        """Let later rows find a company by the name and number in its own row of the file.

        The ledger may have another CVR number or name for it since the file was first read.
        """
        self._added_keys.add(company_id)
        for text in (cvr, name_key(name) if name else None):
            if text:
                self._added_keys.add(text)
                before = self._in_file.setdefault(text, company_id)
                if before != company_id:
                    self._in_file[text] = _SEVERAL

    def may_be_there(self, key: str | None) -> TypeGuard[str]:
        """Return whether a company may have this id, CVR number or name key; a query tells which."""
        if not key:
            return False
        self._sought += 1
        if self._sought == _SINGLY:
            self._keys = company_keys(self._store, _MOST_KEPT)
        return self._keys is None or key in self._keys or key in self._added_keys

    def was_called(self, company_id: str, name: str) -> bool:
        """Return whether a company had that name before."""
        return (name_key(name), company_id) in self._earlier

    def named(self, cell: object) -> NamedCompany:
        """Find the company that a cell names; its id is BAD_IN_FILE if its own row is bad.

        Raises BadValue: `missing_value`, `company_not_found`, `company_unclear`, or the error of
        the cell itself.
        """
        found = self._known.get(cell)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[cell] = self._find(cell)
        return found

    def _find(self, cell: object) -> NamedCompany:
        if isinstance(cell, BadValue):
            raise cell
        text = str(cell or "").strip()
        if not text:
            raise BadValue("missing_value")
        if text in self._by_cvr and text not in self._in_file:
            return NamedCompany(self._by_cvr[text])
        cvr, key = looks_like_cvr(text), name_key(text)
        found = self._in_row(cvr) or self._only(text, self._live_by_cvr(cvr))
        found = found or self._in_row(text.lower()) or self._only(text, self._live_by_id(text))
        found = found or self._in_row(key) or self._only(text, self._live_by_name(key))
        return found or self._not_live(text, (cvr, text, key))

    def _in_row(self, key: str | None) -> NamedCompany | None:
        """Find the one company with this number or name in its own row of the file."""
        company_id = self._in_file.get(key or "", _SEVERAL)
        return None if company_id == _SEVERAL else NamedCompany(company_id)

    def _live_by_cvr(self, cvr: str | None) -> list[Row]:
        return live_companies_by_cvr(self._store, cvr) if self.may_be_there(cvr) else []

    def _live_by_id(self, text: str) -> list[Row]:
        id_ = text.lower()
        row = company_by_id(self._store, id_) if self.may_be_there(id_) else None
        return [row] if row is not None and row["withdrawn"] is None else []

    def _live_by_name(self, key: str) -> list[Row]:
        return live_companies_by_name(self._store, key) if self.may_be_there(key) else []

    def _only(self, text: str, rows: Sequence[Row]) -> NamedCompany | None:
        """Return the one company among these rows. Raises BadValue `company_unclear`."""
        if len(rows) > 1:
            spelled = [row for row in rows if spelling_of(row["name"]) == spelling_of(text)]
            rows = spelled if len(spelled) == 1 else rows
        if len(rows) > 1:
            named = [f"{row['name']} ({row['cvr'] or row['id']})" for row in rows[:_SHOWN]]
            among = ", ".join(named) + (", …" if len(rows) > _SHOWN else "")
            raise BadValue("company_unclear", value=shown(text), among=among)
        return NamedCompany(rows[0]["id"]) if rows else None

    def _not_live(self, text: str, keys: Sequence[str | None]) -> NamedCompany:
        """Find the company that was withdrawn, or that formerly had the number or the name."""
        gone = next((self._withdrawn[key] for key in keys if key in self._withdrawn), None)
        if gone is None:
            before = {id_ for name, id_ in self._earlier if name in keys}
            if len(before) != 1:
                raise BadValue("company_not_found", value=shown(text))
            [company_id] = before
            if company_id not in self._withdrawn:
                return NamedCompany(company_id)
            gone = self._withdrawn[company_id]
        if gone["part_of"] is not None:
            return NamedCompany(gone["part_of"])
        refusal = Refusal("company_withdrawn", name=gone["name"], reason=why_withdrawn(gone))
        return NamedCompany(gone["id"], refusal)
