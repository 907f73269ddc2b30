"""Rows: the effect of one entry on a record's row, and the sum of all entries on a record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Protocol

from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.document import DocumentMistake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kmtrack.ledger.entries import Action
    from kmtrack.ledger.stored_entries import StoredEntry

Row = dict[str, Any]

# Why a record is out that only void commands add.
UNDONE: Final = "↶ undone"
# The reason with which a person is withdrawn whose name was erased.
ERASED: Final = "erased"
# A person's name and key can be erased, so no entry holds them.
NOT_IN_ENTRIES: Final = {"person": frozenset({"name", "secret"})}


class Columns(Protocol):
    """A row from the store or a mapping: values by the names of columns."""

    def __getitem__(self, name: str, /) -> Any: ...


def new_row(noun: str, record_id: str, recorded_at: str) -> Row:
    """Return the row of a record first recorded at a moment (UTC), before anything is stated about it."""
    return {**NOUNS[noun].blank, "id": record_id, "recorded_at": recorded_at}


def row_after(noun: str, row: Mapping[str, Any], action: Action, facts: Mapping[str, Any]) -> Row:
    """Return the row of a record after one more entry.

    `facts` of an edit hold what changed, None for values that were taken back. Those of a company
    may hold "from", the day from which they are in force; without it they hold from the beginning.
    """
    row = dict(row)
    if action == "withdraw":
        row["withdrawn"] = facts["reason"]
    elif action == "undo":
        row.update(facts)
    elif action == "join":
        row["joined"] = " ".join(sorted({*(row["joined"] or "").split(), facts["with"]}))
    elif action == "erase":
        row.update(name=None, secret=None, withdrawn=ERASED)
    elif action in {"redact", "void"}:
        pass  # it is about another entry, or about another command
    elif noun == "contract":
        row["document"] = _document(row, facts)
    elif "from" in facts:
        row["later"] = _with_later(row["later"], facts)
    else:
        row.update(facts)
    if noun == "company":
        row["name_key"] = name_key(row["name"])
    return row


class RowProjection:
    """The row of one record, projected entry by entry; `row` is None before the first.

    A record that was added on two laptops has two entries that add it: the later one holds, unless
    it repeats the facts of the first. Of two contracts the first holds, and the municipalities of
    both take part. An amendment that would leave no valid contract is skipped.
    """

    def __init__(self, noun: str, record_id: str) -> None:
        self._noun = noun
        self._id = record_id
        self._first: dict[str, Any] = {}
        self.left_out: list[StoredEntry] = []
        self.row: Row | None = None

    def add(self, entry: StoredEntry) -> None:
        """Apply one more entry."""
        if self.row is None:
            if entry.action == "add":  # else the record itself was taken out of the ledger
                blank = new_row(self._noun, self._id, entry.recorded_at)
                self.row = row_after(self._noun, blank, "add", entry.facts)
                self._first = entry.facts
        elif self._noun == "contract" and entry.action == "edit":
            self._amend(self.row, entry)
        elif entry.action != "add":
            self._apply(self.row, entry.action, entry.facts)
        elif self._noun == "contract":
            self._apply(self.row, "edit", _other_municipalities(self._first, entry.facts))
        elif entry.facts != self._first:
            self._apply(self.row, "undo", entry.facts)

    def _amend(self, row: Row, entry: StoredEntry) -> None:
        """Apply an amendment, unless it leaves no valid contract because what it built on was undone."""
        try:
            self._apply(row, entry.action, entry.facts)
            read_contract(json.loads((self.row or row)["document"]))
        except DocumentMistake:
            self.row = row
            self.left_out.append(entry)

    def _apply(self, row: Row, action: Action, facts: dict[str, Any]) -> None:
        self.row = row_after(self._noun, row, action, facts)


def project(noun: str, record_id: str, entries: Iterable[StoredEntry]) -> Row | None:
    """Return the row that these entries of one record project to; None if no entry adds it.

    The row of a record that only void commands add is withdrawn as UNDONE.
    """
    projection, is_undone = RowProjection(noun, record_id), False
    for entry in entries:
        projection.add(entry)
        is_undone |= entry.is_void
    row = projection.row
    if is_undone and row is not None and row["withdrawn"] != ERASED:
        row["withdrawn"] = UNDONE
    return row


def differing_columns(
    noun: str, projected: Mapping[str, Any], stored: Mapping[str, Any]
) -> list[str]:
    """List the columns in which a stored row differs from the projected one, except those that no entry holds."""
    skipped = NOT_IN_ENTRIES.get(noun, frozenset())
    return [
        column
        for column in NOUNS[noun].columns
        if column not in skipped and projected.get(column) != stored[column]
    ]


def later_facts(row: Columns) -> dict[str, dict[str, Any]]:
    """Return the facts of a company that take effect on a later day, by day, ascending."""
    later = row["later"]
    return dict(sorted(json.loads(later).items())) if later else {}


def current_facts(row: Mapping[str, Any], on: date | None = None) -> dict[str, Any]:
    """Return a company's row with the facts in force on a day, or with the latest of each."""
    result = dict(row)
    for day, facts in later_facts(row).items():
        if on is None or day <= on.isoformat():
            result.update(facts)
    return result


def stated_from(row: Columns, name: str) -> list[str | None]:
    """List the first days of all values that a company's fact has had, None for the beginning."""
    return [None, *(day for day, facts in later_facts(row).items() if name in facts)]


def in_force_since(row: Columns, name: str, on: str | None = None) -> str | None:
    """Return the day (ISO) since which a company's fact has had its value of a day, or its latest one.

    "" stands for the beginning, None for a fact that has only ever had one value.
    """
    days = [day or "" for day in stated_from(row, name)]
    return max(day for day in days if not on or day <= on) if len(days) > 1 else None


def _document(row: Row, facts: Mapping[str, Any]) -> str:
    if row["document"] is None:
        return as_json(facts)
    from kmtrack.rules.amendments import amended

    return as_json(amended(json.loads(row["document"]), facts))


def _with_later(later: str | None, facts: Mapping[str, Any]) -> str:
    days: dict[str, dict[str, Any]] = json.loads(later) if later else {}
    stated = {name: value for name, value in facts.items() if name != "from"}
    days[facts["from"]] = {**days.get(facts["from"], {}), **stated}
    return as_json(dict(sorted(days.items())))


def _other_municipalities(first: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return what another ledger's contract adds to the first: the municipalities that only it has."""
    known = {span["municipality"] for span in first.get("participation", [])}
    spans = [s for s in other.get("participation", []) if s["municipality"] not in known]
    return {"participation": spans}
