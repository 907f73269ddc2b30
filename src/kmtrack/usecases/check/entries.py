"""Altered entries: whether each entry matches its digest, and each name its commitment."""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kmtrack.ledger.commitments import LEFT, is_key, is_redacted
from kmtrack.ledger.entries import ARRIVE, FIRST_DIGEST, Chain
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.queries.commands import all_digests, last_entries
from kmtrack.ledger.queries.integrity import (
    chained_entries,
    people_as_stated,
    people_named_though_erased,
    redaction_entries,
)
from kmtrack.ledger.redactions import Redaction
from kmtrack.ledger.schema.nouns import text_columns_of
from kmtrack.ledger.written_names import MARK
from kmtrack.usecases.check.issues import UNREADABLE, Issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kmtrack.ledger.entries import CommandHeader, Entry
    from kmtrack.ledger.queries.integrity import ChainedEntry
    from kmtrack.ledger.store.base import Store


def altered_entries(store: Store, *, is_whole: bool = True) -> Iterator[Issue]:
    """Find entries that do not match their digest, or whose predecessor is missing.

    Pass `is_whole=False` for a bundle, where predecessors may be in another ledger.
    """
    redactions = _redactions_by_digest(store)
    last, last_command = FIRST_DIGEST, None
    # The end of the last command of each person, and the few commands that follow something else.
    ends: dict[str, str] = {}
    detached: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for chained in chained_entries(store):
        header, entry, by = chained.header, chained.entry, chained.header.recorded_by
        is_first = chained.command != last_command
        if is_first:
            last, last_command = chained.command_digest or chained.previous, chained.command
        facts = _facts_of(entry)
        if _digest_after(header, last, entry, facts) != chained.digest or not (
            _is_redacted_as_stated(entry, facts, redactions.get(chained.digest, ()))
        ):
            yield _altered(chained)
        elif is_first and is_whole and chained.previous not in {FIRST_DIGEST, ends.get(by)}:
            detached[by, chained.previous].append(_altered(chained))
        last = chained.digest
        if entry.action != ARRIVE:
            ends[by] = last
    if detached:
        for end in last_entries(store):
            detached.pop((end.recorded_by, end.digest), None)
    for issues in detached.values():
        yield from issues


def _altered(chained: ChainedEntry) -> Issue:
    header, record_id = chained.header, chained.entry.record_id
    facts = {
        "number": chained.number,
        "id": record_id,
        "by": header.recorded_by,
        "at": header.recorded_at,
    }
    return Issue("entry_altered", facts, (record_id,))


def _facts_of(entry: Entry) -> Any:
    """Return the facts of an entry; None if they are unreadable."""
    try:
        return json.loads(entry.facts)
    except UNREADABLE:
        return None


def _digest_after(header: CommandHeader, last: str, entry: Entry, facts: Any) -> str | None:
    """Return the digest of an entry; None if its facts are unreadable."""
    try:
        return Chain(header, last).add(entry, entry.covered(facts))
    except UNREADABLE:
        return None


def _redactions_by_digest(store: Store) -> dict[str, list[Redaction]]:
    """Return all redactions, in order, by the digest of the redacted entry."""
    redactions: dict[str, list[Redaction]] = defaultdict(list)
    for row in redaction_entries(store):
        with suppress(*UNREADABLE):  # reported as an altered entry
            redaction = Redaction.of(row)
            redactions[redaction.entry].append(redaction)
    return redactions


def _is_redacted_as_stated(
    entry: Entry, facts: Mapping[str, Any], redactions: Sequence[Redaction]
) -> bool:
    """Return whether an entry's texts are redacted as recorded, and only open texts have a key.

    A redaction removed a piece of at least one text, where the mark now stands, so no text is
    replaced unnoticed.
    """
    redacted = {}
    if dict in map(type, facts.values()):
        redacted = {name: value[LEFT] for name, value in facts.items() if is_redacted(value)}
    has_texts = not text_columns_of(entry.noun).isdisjoint(facts)
    if (has_texts and not redacted) == (entry.secret is None):
        return False
    if has_texts and not _is_as_written(entry, facts):
        return False
    if redacted and not any(MARK in text for text in redacted.values()):
        return False
    if not redacted and not redactions:
        return True
    left = {each.field: each.left for each in redactions}  # the last one counts
    return all(left.get(name) == text for name, text in redacted.items()) and all(
        each.fits(entry.noun, entry.record_id, facts) for each in redactions
    )


def _is_as_written(entry: Entry, facts: Mapping[str, Any]) -> bool:
    """Return whether facts and key have the form that kmtrack writes, which no commitment covers."""
    return entry.facts == as_json(facts) and (entry.secret is None or is_key(entry.secret))


def missing_digests(store: Store, digests: Sequence[str]) -> Iterator[Issue]:
    """Find digests (hex, at least their first 16 digits) that belong to no entry of the ledger."""
    known = all_digests(store) if digests else set()
    for digest in digests:
        if not any(each.startswith(digest) for each in known):
            yield Issue("head_missing", {"digest": digest})


def altered_persons(store: Store) -> Iterator[Issue]:
    """Find people whose name is not the one recorded, or who are erased and still have a name."""
    for person_id in people_named_though_erased(store):
        yield Issue("person_altered", {"id": person_id}, (person_id,))
    for row in people_as_stated(store):
        stated = json.loads(row["facts"])["name"]
        stated = stated["erased"] if isinstance(stated, dict) else stated
        if not _is_committed(row["name"], row["secret"], stated):
            yield Issue("person_altered", {"id": row["id"]}, (row["id"],))


def _is_committed(name: object, secret: object, stated: object) -> bool:
    """Return whether an entry's keyed commitment (hex) is to this name."""
    if not (isinstance(name, str) and isinstance(secret, str) and isinstance(stated, str)):
        return False
    if not is_key(secret):
        return False
    digest = hmac.digest(bytes.fromhex(secret), name.encode(), "sha256").hex()
    return hmac.compare_digest(digest, stated)
