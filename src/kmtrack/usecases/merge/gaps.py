"""Gaps: what a ledger goes on from and what is not here, even with all that was taken of it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.commitments import legible
from kmtrack.ledger.entries import FIRST_DIGEST
from kmtrack.usecases.check.integrity import ends_of_commands
from kmtrack.usecases.history.commands import as_list
from kmtrack.usecases.merge.bundle import is_bundle


if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.exchange import AppliedCommands
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.usecases.merge.result import Source

_PREVIOUS: Final = """
    SELECT recorded_by, previous FROM command
    WHERE number IN (SELECT value FROM json_each(:commands))
"""
_ENTRIES: Final = """
    SELECT noun, record_id, facts FROM entry
    WHERE command IN (SELECT value FROM json_each(:commands))
"""
_ADDED: Final = """
    SELECT DISTINCT record_id FROM entry
    WHERE noun = :noun AND action = 'add' AND record_id IN (SELECT value FROM json_each(:ids))
"""


def refuse_gap(store: Store, source: Source, taken: AppliedCommands) -> None:
    """Refuse what was taken of a source where it goes on from something that is not here.

    Raises Refusal `bundle_gap`, `record_gap`, or `foreign_damaged` of a ledger that should have
    been whole.
    """
    ends = ends_of_commands(store)
    for row in store.all(_PREVIOUS, commands=as_list(taken.commands)):
        if row["previous"] != FIRST_DIGEST and (row["recorded_by"], row["previous"]) not in ends:
            raise Refusal("bundle_gap", file=source.file, by=row["recorded_by"])
    missing = sorted(taken.gaps | _never_added(store, taken))
    if missing and is_bundle(source.store):
        raise Refusal("record_gap", file=source.file, id=missing[0])
    if missing:
        raise Refusal("foreign_damaged", file=source.file, what=missing[0])


def _never_added(store: Store, taken: AppliedCommands) -> set[str]:
    """The ids that what was taken is about, or refers to, and that no entry here adds."""
    named: dict[str, set[str]] = defaultdict(set)
    for row in store.each(_ENTRIES, commands=as_list(taken.commands)):
        named[row["noun"]].add(row["record_id"])
        for noun, record_id in _links_of(row):
            named[noun].add(record_id)
    missing: set[str] = set()
    for noun, ids in named.items():
        rows = store.all(_ADDED, noun=noun, ids=as_list(ids))
        missing |= ids - {row["record_id"] for row in rows}
    return missing


def _links_of(row: StoredRow) -> Iterator[tuple[str, str]]:
    """The records that an entry refers to, each with its noun."""
    facts = legible(json.loads(row["facts"]))
    for column, noun in LINKS.items():
        if facts.get(column) is not None:
            yield noun, facts[column]
    if row["noun"] == "company":
        for other in f"{facts.get('joined') or ''} {facts.get('with') or ''}".split():
            yield "company", other
