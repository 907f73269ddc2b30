"""Redactions: what is left of a text in an earlier entry, stated by an entry of its own.

The digest of the earlier entry stays valid, since it covers a commitment to the text.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.commitments import is_redacted, legible, reason_commitment, redacted
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.schema.nouns import COMMAND, text_columns_of
from kmtrack.ledger.written_names import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.ledger.rows import Columns
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.unit_of_work import UnitOfWork

_BY_DIGEST: Final = (
    "SELECT number, noun, record_id, facts, secret FROM entry WHERE digest = :digest"
)
_REASON: Final = "SELECT reason, reason_secret FROM command WHERE token = :token"
_NUMBER: Final = "SELECT number FROM command WHERE token = :token"
_REDACT_REASON: Final = """
    UPDATE command SET reason = :left, reason_secret = :secret WHERE token = :token
"""
_ALL: Final = """
    SELECT noun, record_id, facts FROM entry WHERE action = 'redact' ORDER BY number
"""
_OF_REASONS: Final = """
    SELECT noun, record_id, facts FROM entry
    WHERE action = 'redact' AND noun = 'command'
    AND record_id IN (SELECT value FROM json_each(:tokens)) ORDER BY number
"""
_BY_COMMAND: Final = """
    SELECT noun, record_id, facts FROM entry
    WHERE action = 'redact' AND command = :command ORDER BY number
"""
_STATEMENTS: Final = """
    SELECT number, noun, record_id, facts, secret, digest FROM entry
    WHERE action = 'redact' AND noun = :noun AND record_id = :record_id ORDER BY number
"""
# The field of a redaction that is about no entry.
REASON: Final = "reason"
_REDACT: Final = "UPDATE entry SET facts = :facts, secret = NULL WHERE number = :number"


class ForgedRedaction(ValueError):
    """A redaction keeps a piece of text that the original never contained."""

    def __init__(self, record_id: str) -> None:
        super().__init__(record_id)
        self.record_id = record_id


class Redaction(NamedTuple):
    """The text left in a field of a record's entry, which is identified by its digest.

    For the reason of a command, the record is that command, by its token, and there is no entry.
    """

    entry: str
    noun: str
    record_id: str
    field: str
    left: str

    @classmethod
    def of(cls, row: Columns) -> Redaction:
        """Read the redaction from the row of an entry. Raises TypeError or LookupError for any other entry."""
        facts = legible(json.loads(row["facts"]))
        entry = "" if (row["noun"], facts["field"]) == (COMMAND, REASON) else facts["entry"]
        stated = cls(entry, row["noun"], row["record_id"], facts["field"], facts["left"])
        if not all(isinstance(part, str) for part in stated):
            raise TypeError(row["record_id"])
        return stated

    @property
    def is_of_reason(self) -> bool:
        """Whether it concerns the reason of a command rather than an entry."""
        return not self.entry

    def fits(self, noun: str, record_id: str, facts: Mapping[str, Any]) -> bool:
        """Return whether this can be a redaction of an entry with these facts on that record."""
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
    """Return whether `left` is a text in which pieces were replaced by the mark."""
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
    """Combine two redactions of one text into one that has nothing that either removed.

    If each removed what the other kept, they can no longer be aligned and the whole text goes.
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


def reapply_redactions(work: UnitOfWork, redactions: Iterable[Redaction]) -> int:
    """Redact the texts that have more left here than these redactions leave; return how many did."""
    changed = sum(_apply(work, stated) for stated in redactions)
    work.judge()
    return changed


def _apply(work: UnitOfWork, stated: Redaction) -> bool:
    text = text_of(work.store, stated)
    if text is None:
        return False
    left = merge_redactions(stated.left, text)
    if not stated.is_of_reason:
        _leave(work, entry_with(work.store, stated.entry), stated.entry, {stated.field: left})
    elif left != text:
        redact_reason(work, stated.record_id, left)
    _redact_statements(work, stated, left)
    return left != text


def text_of(store: Store, stated: Redaction) -> str | None:
    """Return what a ledger has of the text that a redaction concerns; None if it is not there."""
    if stated.is_of_reason:
        return reason_of(store, stated.record_id)
    try:
        entry = entry_with(store, stated.entry)
    except LookupError:
        return None
    if (entry["noun"], entry["record_id"]) != (stated.noun, stated.record_id):
        return None
    return texts_in(entry["noun"], json.loads(entry["facts"])).get(stated.field)


def _leave(work: UnitOfWork, entry: StoredRow, digest: str, left: Mapping[str, str]) -> None:
    """Reduce texts of an entry to this where they have more, and record that as a redaction."""
    texts = texts_in(entry["noun"], json.loads(entry["facts"]))
    if {**texts, **left} == texts:
        return
    for field in redact(work.store, entry, {**texts, **left}):
        of_field = {"entry": digest, "field": field, "left": {**texts, **left}[field]}
        work.append(entry["noun"], entry["record_id"], "redact", of_field)


def _redact_statements(work: UnitOfWork, stated: Redaction, left: str) -> None:
    """Reduce what other redactions of the same text state as left to the same remainder."""
    work.flush()
    of_record = {"noun": stated.noun, "record_id": stated.record_id}
    for row in work.store.all(_STATEMENTS, **of_record):
        other = Redaction.of(row)
        if (other.entry, other.field) == (stated.entry, stated.field):
            _leave(work, row, row["digest"], {"left": merge_redactions(left, other.left)})


def texts_in(noun: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts among the facts of an entry by their fields, redacted ones as they are left."""
    stated = legible(facts)
    fields = sorted(text_columns_of(noun) & stated.keys())
    return {field: stated[field] for field in fields if isinstance(stated[field], str)}


def reason_of(store: Store, token: str) -> str | None:
    """Return the reason of a command; None if the command is not here or has none."""
    row = store.one(_REASON, token=token)
    return None if row is None or row["reason"] is None else str(row["reason"])


def number_of_command(store: Store, token: str) -> int:
    """Return the number that a command has here."""
    return int(store.get(_NUMBER, token=token)["number"])


def redact_reason(work: UnitOfWork, token: str, left: str) -> None:
    """Reduce the reason of a command to this, and record that, so that other ledgers learn of it."""
    work.append(COMMAND, token, "redact", {"field": REASON, "left": left})
    store_reason(work.store, token, left)


def store_reason(store: Store, token: str, left: str) -> None:
    """Store what is left of the reason of a command, and replace its key by the commitment to it."""
    secret = reason_commitment(*store.get(_REASON, token=token))
    store.run(_REDACT_REASON, token=token, left=left, secret=secret)


def reason_redactions(store: Store, tokens: Iterable[str]) -> list[Redaction]:
    """Read the redactions of the reasons of these commands, in the order of their entries."""
    rows = store.all(_OF_REASONS, tokens=json.dumps(sorted(tokens)))
    return [stated for row in rows if (stated := Redaction.of(row)).is_of_reason]


def all_redactions(store: Store) -> list[Redaction]:
    """Read all redactions of a ledger, in the order of their entries."""
    return [Redaction.of(row) for row in store.all(_ALL)]


def redactions_by(store: Store, command: int) -> list[Redaction]:
    """Read the redactions of a command (number), in their order."""
    return [Redaction.of(row) for row in store.all(_BY_COMMAND, command=command)]


def removed_from(text: str, left: str) -> set[str]:
    """Return the pieces that a redaction removed from a text, if they can be told for certain."""
    pieces = left.split(MARK)
    if len(pieces) == 1 or not is_redaction_of(left, text):
        return set()
    ends = _ends(text, pieces)
    backwards = _ends(text[::-1], [piece[::-1] for piece in reversed(pieces)])
    mirrored = [(len(text) - end, len(text) - start) for start, end in reversed(backwards)]
    if ends != mirrored:
        return set()
    return {text[end:start] for (_, end), (start, _) in pairwise(ends)} - {""}


def _ends(text: str, pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Return the positions of these pieces, of which the first and the last are at the ends of the text."""
    found, at = [(0, len(pieces[0]))], len(pieces[0])
    for piece in pieces[1:-1]:
        start = text.find(piece, at)
        at = start + len(piece)
        found.append((start, at))
    return [*found, (len(text) - len(pieces[-1]), len(text))]


def entry_with(store: Store, digest: str) -> StoredRow:
    """Return number, noun, record_id, facts and secret of the entry with a digest.

    Raises LookupError for a digest that no entry has.
    """
    return store.get(_BY_DIGEST, digest=digest)


def redact(store: Store, entry: StoredRow, left: Mapping[str, str]) -> list[str]:
    """Reduce the texts of an entry, by their fields, to this; return the fields that changed."""
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
    """Store the facts of an entry after some of its texts were redacted.

    All its texts lose their key: with the key somebody could try names until a commitment fits.
    """
    store.run(_REDACT, facts=as_json(facts), number=number)
