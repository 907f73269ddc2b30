"""Redactions: what is left of a text in another entry, stated by an entry of its own.

The digest of the entry stays valid, since it covers a commitment to the text.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.commitments import is_redacted, legible, redacted
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.schema.nouns import text_columns_of
from kmtrack.ledger.written_names import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.ledger.rows import Columns
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.unit_of_work import UnitOfWork

_BY_DIGEST: Final = (
    "SELECT number, noun, record_id, facts, secret FROM entry WHERE digest = :digest"
)
_REDACT: Final = "UPDATE entry SET facts = :facts, secret = NULL WHERE number = :number"


class ForgedRedaction(ValueError):
    """A redaction keeps a piece of text that the original never contained."""

    def __init__(self, record_id: str) -> None:
        super().__init__(record_id)
        self.record_id = record_id


class Redaction(NamedTuple):
    """The text left in a field of a record's entry, which is identified by its digest."""

    entry: str
    noun: str
    record_id: str
    field: str
    left: str

    @classmethod
    def of(cls, row: Columns) -> Redaction:
        """Read the redaction from the row of an entry. Raises TypeError or LookupError for another."""
        facts = legible(json.loads(row["facts"]))
        stated = cls(facts["entry"], row["noun"], row["record_id"], facts["field"], facts["left"])
        if not all(isinstance(part, str) for part in stated):
            raise TypeError(row["record_id"])
        return stated

    def fits(self, noun: str, record_id: str, facts: Mapping[str, Any]) -> bool:
        """Return whether this can be a redaction of an entry with these facts, on that record."""
        if (noun, record_id) != (self.noun, self.record_id) or self.field not in text_columns_of(
            noun
        ):
            return False
        value, text = facts.get(self.field), legible(facts).get(self.field)
        if not isinstance(text, str):
            return False
        return (
            may_be_of_one_text(text, self.left)
            if is_redacted(value)
            else is_redaction_of(self.left, text)
        )


def is_redaction_of(left: str, text: str) -> bool:
    """Tell whether `left` is a text in which pieces were replaced by the mark."""
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


def merge_redactions(one: str, other: str) -> str:
    """Combine two redactions of one text into one without anything that either removed.

    If each removed what the other kept, they cannot be aligned any more and the whole text goes.
    """
    if is_redaction_of(other, one):
        return other
    if is_redaction_of(one, other):
        return one
    try:
        values, others = json.loads(one), json.loads(other)
    except ValueError:
        return MARK
    return as_json(_merge_values(values, others)) if isinstance(values, dict) else MARK


def _merge_values(one: Any, other: Any) -> Any:
    """Combine all texts in two values of one shape, such as the later facts of a company."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: _merge_values(value, other.get(name)) for name, value in one.items()}
    if isinstance(one, str) and isinstance(other, str):
        return merge_redactions(one, other)
    return one if one == other else None


def may_be_of_one_text(one: str, other: str) -> bool:
    """Return whether both can be redactions of the same unknown text."""
    if MARK not in one or MARK not in other:
        return is_redaction_of(one, other) or is_redaction_of(other, one)
    ends = [(text.partition(MARK)[0], text.rpartition(MARK)[2]) for text in (one, other)]
    (begin, end), (other_begin, other_end) = ends
    return (begin.startswith(other_begin) or other_begin.startswith(begin)) and (
        end.endswith(other_end) or other_end.endswith(end)
    )


def reapply_redactions(work: UnitOfWork, redactions: Iterable[Redaction]) -> None:
    """Redact texts again where a redaction of another ledger left more of them."""
    store = work.store
    for before in redactions:
        entry = entry_with(store, before.entry)
        text = legible(json.loads(entry["facts"]))[before.field]
        left = merge_redactions(before.left, text)
        if left != text:
            redact(store, entry, {before.field: left})
            stated = {"entry": before.entry, "field": before.field, "left": left}
            work.append(before.noun, before.record_id, "redact", stated)
    work.judge()


def entry_with(store: Store, digest: str) -> StoredRow:
    """Return number, noun, record_id, facts and secret of the entry with a digest.

    Raises LookupError for a digest that no entry has.
    """
    return store.get(_BY_DIGEST, digest=digest)


def redact(store: Store, entry: StoredRow, left: Mapping[str, str]) -> list[str]:
    """Leave only this of the texts of an entry, by their fields; return the fields that changed."""
    facts: dict[str, Any] = json.loads(entry["facts"])
    fields = []
    for field, text in left.items():
        value = redacted(facts[field], entry["secret"], field, text)
        if value != facts[field]:
            facts[field] = value
            fields.append(field)
    store_redacted(store, entry["number"], facts)
    return fields


def store_redacted(store: Store, number: int, facts: Mapping[str, Any]) -> None:
    """Store the facts of an entry of which texts were redacted.

    All its texts lose their key: with the key somebody could try names until a commitment fits.
    """
    store.run(_REDACT, facts=as_json(facts), number=number)
