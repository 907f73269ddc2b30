"""Rows: what the entries of a record add up to; the same reckoning when written and when checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from kmtrack.ledger.entries import as_json
from kmtrack.ledger.facts.company import DATED_FACTS
from kmtrack.ledger.names import name_key
from kmtrack.ledger.nouns import NOUNS
from kmtrack.ledger.sealing import ERASED
from kmtrack.rules.amending import amended

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.entries import Action

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
    hold "from", the day from which they are in force.
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
    elif noun == "company" and action == "edit":
        _correct_company(row, facts)
    else:
        row.update(facts)
    if noun == "company":
        row["name_key"] = name_key(row["name"])
    return row


def later_facts(row: Columns) -> dict[str, dict[str, Any]]:
    """The facts of a company that hold from a later day, by day, ascending."""
    later = row["later"]
    return dict(sorted(json.loads(later).items())) if later else {}


def current_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """A company's row with its latest facts in place of the earlier ones."""
    result = dict(row)
    for facts in later_facts(row).values():
        result.update(facts)
    return result


def facts_on(row: Mapping[str, Any], day: str) -> dict[str, Any]:
    """A company's row with the facts that are in force on a day (ISO text)."""
    result = dict(row)
    for since, facts in later_facts(row).items():
        if since <= day:
            result.update(facts)
    return result


def _document(row: Row, facts: Mapping[str, Any]) -> str:
    if row["document"] is None:
        return as_json(facts)
    return as_json(amended(json.loads(row["document"]), facts))


def _with_later(later: str | None, facts: Mapping[str, Any]) -> str:
    days: dict[str, dict[str, Any]] = json.loads(later) if later else {}
    stated = {name: value for name, value in facts.items() if name != "from"}
    days[facts["from"]] = {**days.get(facts["from"], {}), **stated}
    return as_json(dict(sorted(days.items())))


def _correct_company(row: Row, facts: Mapping[str, Any]) -> None:
    """Correct what was stated last: a fact in force from a later day is corrected there."""
    days = later_facts(row)
    for name, value in facts.items():
        stated = [day for day, later in days.items() if name in later and name in DATED_FACTS]
        if stated:
            days[stated[-1]][name] = value
        else:
            row[name] = value
    row["later"] = as_json(days) if days else None
