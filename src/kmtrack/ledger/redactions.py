"""Redactions: what is stated to be left of a text, and whether that can be left of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.commitments import is_redacted, legible
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.rows import Columns

# What stands where a name stood.
MARK: Final = "***"


class ForgedRedaction(ValueError):
    """A redaction says of a text that something is left of it which never stood in it."""

    def __init__(self, record_id: str) -> None:
        super().__init__(record_id)
        self.record_id = record_id


class Redaction(NamedTuple):
    """What is stated of a field of the entry with that digest, on a record: what is left of it."""

    entry: str
    noun: str
    record_id: str
    field: str
    left: str

    @classmethod
    def of(cls, row: Columns) -> Redaction:
        """The redaction that an entry states. Raises TypeError or LookupError for what is none."""
        facts = legible(json.loads(row["facts"]))
        stated = cls(facts["entry"], row["noun"], row["record_id"], facts["field"], facts["left"])
        if not all(isinstance(part, str) for part in stated):
            raise TypeError(row["record_id"])
        return stated

    def fits(self, noun: str, record_id: str, facts: Mapping[str, Any]) -> bool:
        """Whether it can be of an entry with these facts, on that record."""
        if (noun, record_id) != (self.noun, self.record_id) or self.field not in NOUNS[noun].texts:
            return False
        value, text = facts.get(self.field), legible(facts).get(self.field)
        if not isinstance(text, str):
            return False
        return agree(text, self.left) if is_redacted(value) else can_be_left(self.left, text)


def can_be_left(left: str, text: str) -> bool:
    """Whether a text becomes `left` where pieces of it are replaced by the mark."""
    first, *pieces = left.split(MARK)
    if not pieces:
        return left == text
    if not text.startswith(first):
        return False
    at, last = len(first), pieces.pop()
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return text.endswith(last) and len(text) - len(last) >= at


def left_of_both(one: str, other: str) -> str:
    """What two redactions of one text leave of it: nothing that either took out.

    Where each took out what the other left, nobody knows any more how the two lie to one another,
    and nothing is left.
    """
    if can_be_left(other, one):
        return other
    if can_be_left(one, other):
        return one
    try:
        values, others = json.loads(one), json.loads(other)
    except ValueError:
        return MARK
    return as_json(_left_of_both(values, others)) if isinstance(values, dict) else MARK


def _left_of_both(one: Any, other: Any) -> Any:
    """The same for all the texts in two values of one form, such as the later facts of a company."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: _left_of_both(value, other.get(name)) for name, value in one.items()}
    if isinstance(one, str) and isinstance(other, str):
        return left_of_both(one, other)
    return one if one == other else None


def agree(one: str, other: str) -> bool:
    """Whether both can be left of one text, which nobody knows any more."""
    if MARK not in one or MARK not in other:
        return can_be_left(one, other) or can_be_left(other, one)
    ends = [(text.partition(MARK)[0], text.rpartition(MARK)[2]) for text in (one, other)]
    (begin, end), (other_begin, other_end) = ends
    return (begin.startswith(other_begin) or other_begin.startswith(begin)) and (
        end.endswith(other_end) or other_end.endswith(end)
    )
