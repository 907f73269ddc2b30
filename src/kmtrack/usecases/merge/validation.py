"""Validating: every statement of a foreign ledger judged by the same facts that a command states."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue
from kmtrack.ledger.commitments import LEFT, is_redacted, legible
from kmtrack.ledger.rows import current_facts, later_facts
from kmtrack.ledger.schema.company import DATED_FACTS
from kmtrack.ledger.schema.facts import Mistakes
from kmtrack.ledger.schema.ids import LETTERS, noun_of
from kmtrack.ledger.schema.nouns import NOUNS, REFERENCE_COLUMNS
from kmtrack.ledger.schema.people import PersonFacts
from kmtrack.ledger.schema.plain_text import clean_line, clean_note
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.rules.contract_format import read_contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.timeline import RecordChange

_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_WHOLE_ID: Final = 11
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_OURS: Final = re.compile(rf"[{''.join(LETTERS.values())}][0-9a-z]{{10}}|[0-9a-f]{{64}}")
_LONGEST: Final = 100_000
_FURTHEST: Final = timedelta(days=3653)
_NO_FACTS: Final = frozenset({"id", "recorded_at", "name_key", "part_of"})
# The column of a noun that is kept as JSON.
_JSON: Final[Mapping[str, str]] = {"company": "later", "contract": "document", "survey": "answers"}
# What an entry of each action holds; the facts of the noun besides, where one states them.
_HOLDS: Final[Mapping[str, frozenset[str]]] = {
    "withdraw": frozenset({"reason"}),
    "join": frozenset({"with"}),
    "erase": frozenset(),
    "redact": frozenset({"entry", "field", "left"}),
}


class Unfit(ValueError):
    """Something that no command of kmtrack states."""


def check_command(row: Mapping[str, Any]) -> None:
    """Raise Unfit for the heading of a command that kmtrack cannot have written."""
    if not (_TOKEN.fullmatch(row["token"]) and _MOMENT.fullmatch(row["recorded_at"])):
        raise Unfit
    datetime.fromisoformat(row["recorded_at"])
    for name, longest in (("recorded_by", 60), ("name", 60), ("reason", 2000)):
        if row[name] is not None:
            _require(clean_line(row[name], longest) == row[name])


def furthest(today: date) -> date:
    """The last day to which a clock may have been ahead: what was stated since is no less true.

    Beyond it, the moments of all that is stated where it is taken would be of no use any more.
    """
    return today + _FURTHEST


def check_entry(row: Mapping[str, Any]) -> None:
    """Raise Unfit for an entry that kmtrack cannot have written."""
    noun, action = row["noun"], row["action"]
    _require(noun in NOUNS)
    _require(_is_id(noun, row["record_id"]))
    facts = json.loads(row["facts"])
    _require(isinstance(facts, dict))
    if action in _HOLDS:
        _require(facts.keys() == _HOLDS[action])
        _require(action != "redact" or _is_redaction(noun, legible(facts)))
    elif action in {"add", "edit", "undo"}:
        others = {"from"} if noun == "company" else set()
        _require(noun == "contract" or facts.keys() <= {*NOUNS[noun].columns} - _NO_FACTS | others)
    else:
        raise Unfit
    for text in _texts_in(_unpacked(noun, action, facts)):
        # Ten digits in a row of an id or a digest are no CPR number.
        if not all(map(_OURS.fullmatch, text.split())):
            _require(clean_note(text, _LONGEST) == (text or None))


def _is_redaction(noun: str, facts: dict[str, Any]) -> bool:
    return (
        facts["field"] in NOUNS[noun].texts
        and bool(_DIGEST.fullmatch(facts["entry"]))
        and isinstance(facts["left"], str)
    )


def _unpacked(noun: str, action: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with what is kept as JSON unpacked; a note in braces is none of that."""
    name = _JSON.get(noun, "")
    if action == "redact":
        name = "left" if facts["field"] == name else ""
    packed = legible(facts).get(name)
    if packed is None:
        return facts
    rest = {**facts[name], LEFT: None} if is_redacted(facts[name]) else None
    return {**facts, name: [rest, json.loads(packed)]}


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)
    elif not (value is None or isinstance(value, (bool, int, float))):
        raise Unfit


def check_step(step: RecordChange, today: date) -> None:
    """Raise Unfit for a record that, after a statement, is not one that a command could leave.

    Where the clock was ahead when it was stated, that day was today.
    """
    row, noun = step.after, NOUNS[step.noun]
    recorded = date.fromisoformat(step.stated.recorded_at[:10])
    today = max(today, min(recorded, date.max - timedelta(days=1)))
    for column, parent in REFERENCE_COLUMNS.items():
        if row.get(column) is not None:
            _require(_is_id(parent, row[column]))
    for other in (row.get("joined") or "").split():
        _require(_is_id("company", other))
    if row["withdrawn"] is not None:
        _require(clean_line(row["withdrawn"], 2000) == row["withdrawn"])
    if step.noun == "contract":
        read_contract(json.loads(row["document"]))
    elif step.noun == "company":
        _check_later(row)
        _check_facts(step.noun, row, today)
        _check_facts(step.noun, current_facts(row), today)
    elif step.noun != "person" and noun.facts is not None:
        _check_facts(step.noun, row, today)


def check_name(name: str, today: date) -> None:
    """Raise Unfit for a name of a person that nobody could have typed."""
    _require(PersonFacts.state({"name": name}, today).name == name)


def _check_later(row: Row) -> None:
    for day, facts in later_facts(row).items():
        datetime.fromisoformat(day)
        _require(facts.keys() <= {*DATED_FACTS})


def _check_facts(noun: str, row: Row, today: date) -> None:
    facts = NOUNS[noun].facts
    if facts is None:
        return
    stated = {name: row[name] for name in facts.model_fields if row[name] is not None}
    try:
        clean = facts.state(facts.from_row(row), today + timedelta(days=1)).stated()
    except Mistakes as mistakes:
        # Two brokers may each have corrected one of two days: what goes together is looked at
        # when it is next edited.
        if all(hasattr(mistake.error, "field") for mistake in mistakes.mistakes):
            return
        raise Unfit from mistakes
    _require(clean == stated)


def _is_id(noun: str, record_id: object) -> bool:
    if not isinstance(record_id, str):
        return False
    if noun == "broker":
        return clean_initials(record_id) == record_id
    if noun == "contract":
        return record_id == noun
    return noun_of(record_id) == noun and len(record_id) == _WHOLE_ID


def _require(holds: bool) -> None:  # noqa: FBT001 - it is what this is about
    if not holds:
        raise Unfit


UNFIT: Final = (Unfit, BadValue, ValueError, TypeError, KeyError, AttributeError, RecursionError)
