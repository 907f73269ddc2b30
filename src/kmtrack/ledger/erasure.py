"""Erasure: remove a person from rows and texts, while every digest and count stays valid.

A redaction is an entry that holds what is left of a text in another entry.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.commitments import legible
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.redactions import redact
from kmtrack.ledger.schema.nouns import text_columns_of
from kmtrack.ledger.settings import put_setting, setting_names
from kmtrack.ledger.written_names import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork

_ENTRIES: Final = "SELECT number, noun, record_id, facts, secret, digest FROM entry"
_REASONS: Final = "SELECT number, reason FROM command WHERE reason IS NOT NULL"
_ENTRY: Final = "SELECT number, facts, secret FROM entry WHERE number = :number"
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
        for field in redact(store, entry, mention.left):
            facts = {"entry": mention.digest, "field": field, "left": mention.left[field]}
            work.append(mention.noun, mention.record_id, "redact", facts)
    times = sum(mention.times for mention in found) + _redact_reasons(store, name)
    work.judge()
    return times


def _redact_reasons(store: Store, name: str) -> int:
    pattern, times = name_pattern(name), 0
    for row in store.all(_REASONS):
        left, found = pattern.subn(MARK, row["reason"])
        times += found
        if found:
            store.run(_REDACT_REASON, left=left, number=row["number"])
    return times
