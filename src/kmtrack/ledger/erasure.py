"""Erasure: remove a person from rows and texts, while every digest and count stays valid.

A redaction is an entry that holds what is left of a text in another entry.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.commitments import is_redacted, legible, redacted
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.schema.nouns import text_columns_of
from kmtrack.ledger.settings import put_setting, setting_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kmtrack.ledger.rows import Columns, Row
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.unit_of_work import UnitOfWork

_ENTRIES: Final = "SELECT number, noun, record_id, facts, secret, digest FROM entry"
_REASONS: Final = "SELECT number, reason FROM command WHERE reason IS NOT NULL"
_ENTRY: Final = "SELECT number, facts, secret FROM entry WHERE number = :number"
_BY_DIGEST: Final = (
    "SELECT number, noun, record_id, facts, secret FROM entry WHERE digest = :digest"
)
_REDACT: Final = "UPDATE entry SET facts = :facts, secret = NULL WHERE number = :number"
_REDACT_REASON: Final = "UPDATE command SET reason = :left WHERE number = :number"
# Kept as a setting too: the ledger may be restored to a time before the person was in it.
_PREFIX: Final = "erased:"
_EXISTS: Final = "SELECT 1 FROM person WHERE id = :id"
_ERASED: Final = "SELECT id FROM person WHERE withdrawn = 'erased'"
_NAMED: Final = """
    SELECT id, name FROM person
    WHERE name IS NOT NULL AND coalesce(withdrawn, '') <> 'erased'
      AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id
"""
# The name of a company is in a public register, whoever owns the company.
_PUBLIC: Final = frozenset({("company", "name")})


class Mention(NamedTuple):
    """An entry whose texts mention a name, `times` in all; `left` is each text without it."""

    number: int
    noun: str
    record_id: str
    digest: str
    left: dict[str, str]
    times: int


def name_pattern(name: str) -> re.Pattern[str]:
    """Return a pattern for a whole name in a text: any case, any blanks, the genitive too."""
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){words}(?=(?:['\u2019]?s)?(?!\w))", re.IGNORECASE)


def require_compaction(store: Store) -> None:
    """Raise Refusal `not_allowed` where the user may not compact the store, so traces would stay."""
    if not store.can_compact:
        raise Refusal("not_allowed", path=store.location)


def erased_persons(store: Store) -> list[str]:
    """List the ids of all persons who were ever erased from a ledger."""
    rows = store.all(_ERASED)
    return sorted({*(row["id"] for row in rows), *setting_names(store, _PREFIX)})


def erased_persons_with_names(store: Store) -> list[Row]:
    """Read persons who were erased once and came back from a copy that did not know of it."""
    return [dict(row) for row in store.all(_NAMED, ids=json.dumps(setting_names(store, _PREFIX)))]


def mentions(store: Store, name: str) -> Iterator[Mention]:
    """Yield every entry whose texts mention a name."""
    pattern = name_pattern(name)
    first = as_json(name.split(maxsplit=1)[0])[1:-1].casefold()  # as it is spelled inside JSON
    for row in store.each(_ENTRIES):
        if first not in row["facts"].casefold():
            continue
        noun, facts = row["noun"], legible(json.loads(row["facts"]))
        texts = {
            field: facts[field]
            for field in sorted(text_columns_of(noun) & facts.keys())
            if isinstance(facts[field], str)
        }
        left, times = dict(texts), 0
        for field, text in texts.items():
            if (noun, field) not in _PUBLIC:
                left[field], found = pattern.subn(MARK, text)
                times += found
        if times:
            yield Mention(row["number"], noun, row["record_id"], row["digest"], left, times)


def erase_person(work: UnitOfWork, person_id: str, name: str) -> int:
    """Erase a person from their row and from every text; return how often a text named them.

    A copy of the ledger may be from a time when texts named a person who had no row yet.
    """
    if work.store.one(_EXISTS, id=person_id):
        work.append("person", person_id, "erase", {})
    note_erased(work.store, [person_id])
    return redact_name(work, name)


def note_erased(store: Store, persons: Iterable[str]) -> None:
    """Remember in this file that persons are erased."""
    for person_id in persons:
        put_setting(store, f"{_PREFIX}{person_id}")


def redact_name(work: UnitOfWork, name: str) -> int:
    """Take a name out of every text; return how often it occurred.

    For each redacted text an entry is appended, with the digest of the entry that the text is in.
    """
    work.flush()
    store = work.store
    found = list(mentions(store, name))
    for mention in found:
        entry = store.get(_ENTRY, number=mention.number)
        for field in _redact(store, entry, mention.left):
            facts = {"entry": mention.digest, "field": field, "left": mention.left[field]}
            work.append(mention.noun, mention.record_id, "redact", facts)
    times = sum(mention.times for mention in found) + _redact_reasons(store, name)
    work.judge()
    return times


def reapply_redactions(work: UnitOfWork, redactions: Iterable[Redaction]) -> None:
    """Redact texts again where a redaction of another ledger left more of them."""
    store = work.store
    for before in redactions:
        entry = entry_with(store, before.entry)
        text = legible(json.loads(entry["facts"]))[before.field]
        left = merge_redactions(before.left, text)
        if left != text:
            _redact(store, entry, {before.field: left})
            stated = {"entry": before.entry, "field": before.field, "left": left}
            work.append(before.noun, before.record_id, "redact", stated)
    work.judge()


def entry_with(store: Store, digest: str) -> StoredRow:
    """Return number, noun, record_id, facts and secret of the entry with a digest.

    Raises LookupError for a digest that no entry has.
    """
    return store.get(_BY_DIGEST, digest=digest)


def _redact(store: Store, entry: StoredRow, left: Mapping[str, str]) -> list[str]:
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


def _redact_reasons(store: Store, name: str) -> int:
    pattern, times = name_pattern(name), 0
    for row in store.all(_REASONS):
        left, found = pattern.subn(MARK, row["reason"])
        times += found
        if found:
            store.run(_REDACT_REASON, left=left, number=row["number"])
    return times


# Replaces a name.
MARK: Final = "***"


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
