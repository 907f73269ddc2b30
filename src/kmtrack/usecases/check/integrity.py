"""Whether every entry is as it was written, and every row what its entries add up to."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.commitments import LEFT, is_redacted
from kmtrack.ledger.entries import FIRST_DIGEST, Chain, CommandHeader, Entry
from kmtrack.ledger.erasure import Redaction
from kmtrack.ledger.projection import Projection
from kmtrack.ledger.rows import differing_columns
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.usecases.check.issue import UNREADABLE, Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kmtrack.ledger.store.base import Store, StoredRow

_CHAIN: Final = """
    SELECT command.token, command.recorded_at, command.recorded_by, command.name,
           entry.noun, entry.record_id, entry.action, entry.facts, entry.secret,
           entry.digest, entry.number, command.previous, command.number
    FROM entry JOIN command ON command.number = entry.command
    ORDER BY command.number, entry.number
"""
_LAST_OF_COMMANDS: Final = """
    SELECT recorded_by, digest FROM entry JOIN command ON command.number = entry.command
    WHERE entry.number IN (SELECT max(number) FROM entry GROUP BY command)
"""
_REDACTIONS: Final = """
    SELECT noun, record_id, facts FROM entry WHERE action = 'redact' ORDER BY number
"""


def differing_rows(store: Store, nouns: Iterable[str]) -> Iterator[Issue]:
    """Rows of these nouns that differ from what their entries add up to."""
    expected = Projection(store)
    for noun in nouns:
        yield from _differing_rows(store, noun, expected)


def ends_of_commands(store: Store) -> set[tuple[str, str]]:
    """Who recorded each command, with the digest of its last entry."""
    return {(row["recorded_by"], row["digest"]) for row in store.each(_LAST_OF_COMMANDS)}


def altered_entries(store: Store, *, is_whole: bool = True) -> Iterator[Issue]:
    """Entries that are not what their digest says, or whose predecessor is missing.

    Of a ledger that is not to be whole, predecessors may be elsewhere.
    """
    ends = ends_of_commands(store)
    left = _what_was_left(store)
    last = FIRST_DIGEST
    last_command = None
    for row in store.each(_CHAIN):
        heading, entry = CommandHeader(*row[:4]), Entry(*row[4:9])
        digest, number, previous, command = row[9:]
        follows = True
        if command != last_command:
            last, last_command = previous, command
            if is_whole:
                follows = previous == FIRST_DIGEST or (heading.recorded_by, previous) in ends
        if (
            not follows
            or _digest_after(heading, last, entry) != digest
            or not _is_redacted_as_stated(entry, left.get(digest, ()))
        ):
            facts = {
                "number": number,
                "id": entry.record_id,
                "by": heading.recorded_by,
                "at": heading.recorded_at,
            }
            yield Issue("entry_altered", facts, (entry.record_id,))
        last = digest


def _digest_after(heading: CommandHeader, last: str, entry: Entry) -> str | None:
    """The digest that an entry should have; None for one that nobody can read."""
    try:
        return Chain(heading, last).add(entry)
    except UNREADABLE:
        return None


def _what_was_left(store: Store) -> dict[str, list[Redaction]]:
    """What redactions say was left of texts, by the digest of their entry, in order."""
    left: dict[str, list[Redaction]] = defaultdict(list)
    for row in store.each(_REDACTIONS):
        with suppress(*UNREADABLE):  # the entry is told of as altered
            stated = Redaction.of(row)
            left[stated.entry].append(stated)
    return left


def _is_redacted_as_stated(entry: Entry, stated: Sequence[Redaction]) -> bool:
    """Whether texts are redacted as was stated, and only texts that are not have a key."""
    facts: dict[str, Any] = json.loads(entry.facts)
    redacted = {name: value[LEFT] for name, value in facts.items() if is_redacted(value)}
    has_open_texts = not redacted and not NOUNS[entry.noun].texts.isdisjoint(facts)
    if has_open_texts == (entry.secret is None):
        return False
    left = {each.field: each.left for each in stated}  # the last one counts
    return all(left.get(name) == text for name, text in redacted.items()) and all(
        each.fits(entry.noun, entry.record_id, facts) for each in stated
    )


def _differing_rows(store: Store, noun: str, expected: Projection) -> Iterator[Issue]:
    stored = store.each(NOUNS[noun].select + " ORDER BY id")
    row = next(stored, None)
    for due in expected.rows(noun):
        while row is not None and row["id"] < due["id"]:
            yield _without_entry(noun, row)
            row = next(stored, None)
        if row is None or row["id"] != due["id"]:
            yield Issue("row_missing", {"noun": noun, "id": due["id"]}, (due["id"],))
            continue
        fields = differing_columns(noun, due, dict(row))
        if fields:
            facts = {"noun": noun, "id": due["id"], "fields": ", ".join(fields)}
            yield Issue("row_differs", facts, (due["id"],))
        row = next(stored, None)
    while row is not None:
        yield _without_entry(noun, row)
        row = next(stored, None)


def _without_entry(noun: str, row: StoredRow) -> Issue:
    return Issue("row_without_entry", {"noun": noun, "id": row["id"]}, (row["id"],))
