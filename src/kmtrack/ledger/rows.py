"""Rows: what the entries of a record add up to; the same reckoning when written and when checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from kmtrack.ledger.commitments import ERASED
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.rules.amendments import amended

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kmtrack.ledger.entries import Action, StoredEntry

Row = dict[str, Any]


class Columns(Protocol):
    """A row from the store or a mapping: values by the names of columns."""

    def __getitem__(self, name: str, /) -> Any: ...


class Origin(NamedTuple):
    """Which record a row is of, and when (UTC) it was first recorded."""

    id: str
    recorded_at: str


def row_after(
    noun: str, row: Row | None, origin: Origin, action: Action, facts: Mapping[str, Any]
) -> Row:
    """The row of a record after one more entry; `row` is what it was, None before the first.

    `facts` of an edit hold what changed, None for what is no longer stated; those of a company may
    hold "from", the day from which they are in force, and are else so from the beginning.
    """
    row = {**NOUNS[noun].blank, **origin._asdict()} if row is None else dict(row)
    if action == "withdraw":
        row["withdrawn"] = facts["reason"]
    elif action == "undo":
        row.update(facts)
    elif action == "join":
        row["joined"] = " ".join(sorted({*(row["joined"] or "").split(), facts["with"]}))
    elif action == "erase":
        row.update(name=None, secret=None, withdrawn=ERASED)
    elif action == "redact":
        pass  # it tells what became of another entry
    elif noun == "contract":
        row["document"] = _document(row, facts)
    elif "from" in facts:
        row["later"] = _with_later(row["later"], facts)
    else:
        row.update(facts)
    if noun == "company":
        row["name_key"] = name_key(row["name"])
    return row


def later_facts(row: Columns) -> dict[str, dict[str, Any]]:
    """The facts of a company that hold from a later day, by day, ascending."""
    later = row["later"]
    return dict(sorted(json.loads(later).items())) if later else {}


def current_facts(row: Mapping[str, Any], on: date | None = None) -> dict[str, Any]:
    """A company's row with the facts in force on a day, else the latest, in place of earlier ones."""
    result = dict(row)
    for day, facts in later_facts(row).items():
        if on is None or day <= on.isoformat():
            result.update(facts)
    return result


def stated_from(row: Columns, name: str) -> list[str | None]:
    """The days from which a company has had a value for a fact, None for the beginning."""
    return [None, *(day for day, facts in later_facts(row).items() if name in facts)]


def _document(row: Row, facts: Mapping[str, Any]) -> str:
    if row["document"] is None:
        return as_json(facts)
    return as_json(amended(json.loads(row["document"]), facts))


def _with_later(later: str | None, facts: Mapping[str, Any]) -> str:
    days: dict[str, dict[str, Any]] = json.loads(later) if later else {}
    stated = {name: value for name, value in facts.items() if name != "from"}
    days[facts["from"]] = {**days.get(facts["from"], {}), **stated}
    return as_json(dict(sorted(days.items())))


class Folding:
    """A record that statements add up to, one after the other; `row` is None before the first.

    A record that was added on two laptops is restated by the second: the later statement stands, but
    one that says again what the first said says nothing. Of two contracts the first stands, and the
    municipalities of both take part.
    """

    def __init__(self, noun: str, record_id: str) -> None:
        self._noun = noun
        self._id = record_id
        self._first: dict[str, Any] = {}
        self.row: Row | None = None

    def take(self, stated: StoredEntry) -> None:
        """Add one more statement."""
        if self.row is None:
            if stated.action == "add":  # else what it is about was taken out of the ledger
                origin = Origin(self._id, stated.recorded_at)
                self.row = row_after(self._noun, None, origin, "add", stated.facts)
                self._first = stated.facts
        elif stated.action != "add":
            self._go_on(self.row, stated.action, stated.facts)
        elif self._noun == "contract":
            self._go_on(self.row, "edit", _where_else_it_takes_part(self._first, stated.facts))
        elif stated.facts != self._first:
            self._go_on(self.row, "undo", stated.facts)

    def _go_on(self, row: Row, action: Action, facts: dict[str, Any]) -> None:
        origin = Origin(row["id"], row["recorded_at"])
        self.row = row_after(self._noun, row, origin, action, facts)


def _where_else_it_takes_part(first: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What the contract of one ledger adds to that of another: the municipalities it alone has."""
    known = {span["municipality"] for span in first.get("participation", [])}
    spans = [s for s in other.get("participation", []) if s["municipality"] not in known]
    return {"participation": spans}


def fold(noun: str, record_id: str, statements: Iterable[StoredEntry]) -> Row | None:
    """The row that these statements add up to; None where there are none."""
    folding = Folding(noun, record_id)
    for stated in statements:
        folding.take(stated)
    return folding.row


def differences(noun: str, expected: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """The columns in which two rows of a noun differ, but for what no entry holds."""
    skipped = NOT_IN_ENTRIES.get(noun, frozenset())
    return [
        column
        for column in NOUNS[noun].columns
        if column not in skipped and expected.get(column) != row[column]
    ]


# A person's name and key are erasable, so no entry holds them.
NOT_IN_ENTRIES: Final = {"person": frozenset({"name", "secret"})}
