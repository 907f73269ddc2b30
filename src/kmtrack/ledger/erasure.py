"""Erasing: a person taken out of rows and entries, while every digest and every count stays true."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.commitments import is_redacted, legible, redacted
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.settings import noted, put_setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kmtrack.ledger.rows import Columns, Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork

_ENTRIES: Final = "SELECT number, noun, record_id, facts, secret, digest FROM entry"
_REASONS: Final = "SELECT number, reason FROM command WHERE reason IS NOT NULL"
_ENTRY: Final = "SELECT facts, secret FROM entry WHERE number = :number"
_BY_DIGEST: Final = "SELECT number, facts FROM entry WHERE digest = :digest"
_LEAVE: Final = "UPDATE entry SET facts = :facts, secret = NULL WHERE number = :number"
_LEAVE_OF_REASON: Final = "UPDATE command SET reason = :left WHERE number = :number"
# Noted in the file as well: it may go back to a time before the person was ever in it.
_NOTED: Final = "erased:"
_THERE: Final = "SELECT 1 FROM person WHERE id = :id"
_ERASED: Final = "SELECT id FROM person WHERE withdrawn = 'erased'"
_NAMED: Final = """
    SELECT id, name FROM person
    WHERE name IS NOT NULL AND coalesce(withdrawn, '') <> 'erased'
      AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id
"""
# The name of a company is in a public register, whoever owns the company.
_PUBLIC: Final = frozenset({("company", "name")})


class Mention(NamedTuple):
    """An entry in whose texts a name stands, as often as `times`; `left` is what is left of each."""

    number: int
    noun: str
    record_id: str
    digest: str
    left: dict[str, str]
    times: int


def pattern_of(name: str) -> re.Pattern[str]:
    """What finds a whole name in a text, in any case, with any blanks, in the genitive too."""
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){words}(?=(?:['\u2019]?s)?(?!\w))", re.IGNORECASE)


def erased_persons(store: Store) -> list[str]:
    """The ids of all persons who were ever erased from a ledger."""
    rows = store.all(_ERASED)
    return sorted({*(row["id"] for row in rows), *noted(store, _NOTED)})


def erased_but_named(store: Store) -> list[Row]:
    """Ids and names of persons who were erased once, and came back with what did not know of it."""
    return [dict(row) for row in store.all(_NAMED, ids=json.dumps(noted(store, _NOTED)))]


def mentions(store: Store, name: str) -> Iterator[Mention]:
    """Every entry in whose texts a name stands."""
    pattern = pattern_of(name)
    first = as_json(name.split(maxsplit=1)[0])[1:-1].casefold()  # as it is spelled inside JSON
    for row in store.each(_ENTRIES):
        if first not in row["facts"].casefold():
            continue
        noun, facts = row["noun"], legible(json.loads(row["facts"]))
        texts = {
            field: facts[field]
            for field in sorted(NOUNS[noun].texts & facts.keys())
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
    """Take a person out of their row and out of every text; how often the name stood in one.

    A copy of the ledger may be of a time at which texts named them who had no row yet.
    """
    if work.store.one(_THERE, id=person_id):
        work.restate("person", person_id, "erase", {})
    note_erased(work.store, [person_id])
    return forget_name(work, name)


def note_erased(store: Store, persons: Iterable[str]) -> None:
    """Note in the file itself that persons are erased."""
    for person_id in persons:
        put_setting(store, f"{_NOTED}{person_id}")


def forget_name(work: UnitOfWork, name: str) -> int:
    """Take a name out of every text; how often it stood in one.

    Each text that is redacted is told of by an entry with the digest of the one that it was in.
    """
    work.flush()
    store = work.store
    found = list(mentions(store, name))
    for mention in found:
        for field in _redact(store, mention):
            facts = {"entry": mention.digest, "field": field, "left": mention.left[field]}
            work.restate(mention.noun, mention.record_id, "redact", facts)
    times = sum(mention.times for mention in found) + _redact_reasons(store, name)
    work.judge()
    return times


def leave_no_more(work: UnitOfWork, redactions: Iterable[Redaction]) -> None:
    """Take out of texts again what these redactions left out, where others have put it back."""
    store = work.store
    for before in redactions:
        row = store.get(_BY_DIGEST, digest=before.entry)
        facts: dict[str, Any] = json.loads(row["facts"])
        text = legible(facts)[before.field]
        left = left_of_both(before.left, text)
        if left != text:
            facts[before.field] = redacted(facts[before.field], None, before.field, left)
            store.run(_LEAVE, facts=as_json(facts), number=row["number"])
            stated = {"entry": before.entry, "field": before.field, "left": left}
            work.restate(before.noun, before.record_id, "redact", stated)
    work.judge()


def _redact(store: Store, mention: Mention) -> list[str]:
    """Leave in an entry what an erasure leaves of its texts; the fields that are redacted anew.

    All its texts lose their key along with the one that loses the name: with the key somebody
    could try names until the commitment fits.
    """
    row = store.get(_ENTRY, number=mention.number)
    facts: dict[str, Any] = json.loads(row["facts"])
    fields = []
    for field, left in mention.left.items():
        value = redacted(facts[field], row["secret"], field, left)
        if value != facts[field]:
            facts[field] = value
            fields.append(field)
    store.run(_LEAVE, facts=as_json(facts), number=mention.number)
    return fields


def _redact_reasons(store: Store, name: str) -> int:
    pattern, times = pattern_of(name), 0
    for row in store.all(_REASONS):
        left, found = pattern.subn(MARK, row["reason"])
        times += found
        if found:
            store.run(_LEAVE_OF_REASON, left=left, number=row["number"])
    return times


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
