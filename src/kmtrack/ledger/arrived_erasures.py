"""Arrived erasures: apply the erasures of another ledger's commands to the texts of this one."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.ledger.commitments import is_redacted, legible, redacted
from kmtrack.ledger.redactions import (
    ForgedRedaction,
    Redaction,
    all_redactions,
    entry_with,
    is_redaction_of,
    may_be_of_one_text,
    merge_redactions,
    number_of_command,
    reason_of,
    reason_redactions,
    removed_from,
    store_reason,
    store_redacted,
    text_of,
)
from kmtrack.ledger.schema.nouns import COMMAND, text_columns_of
from kmtrack.ledger.written_names import MARK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kmtrack.ledger.rows import Columns
    from kmtrack.ledger.store.base import Store, StoredRow


class RedactedText(NamedTuple):
    """A redaction that arrived, and what the text was here before.

    Where the text is the reason of a command, its record is the number of that command here.
    """

    redaction: Redaction
    before: str


class ArrivedErasure(NamedTuple):
    """A command of another ledger that erases: who gave it, when (UTC), the persons (ids) and the texts.

    `texts` are only those that this ledger had and that had more left here.
    """

    by: str
    recorded_at: str
    persons: list[str]
    texts: list[RedactedText]


class ArrivedErasures:
    """The erasing commands of one source ledger, applied to the ledger that merges it.

    `gaps` are records whose redactions name an entry that is not here, `changed` the records (ids
    by noun) whose texts changed, and `removed` the pieces that were taken out of texts.
    `left_before` has what remained here of texts whose redactions leave something else, by the
    digest of the entry (or the token of the command) and the field.
    """

    def __init__(self, target: Store) -> None:
        self._target = target
        self._redactions: list[tuple[Redaction, ArrivedErasure]] = []
        self._by_command: dict[int, ArrivedErasure] = {}
        self.gaps: set[str] = set()
        self.changed: dict[str, set[str]] = defaultdict(set)
        self.removed: set[str] = set()
        self.left_before: dict[tuple[str, str], Redaction] = {}

    def add(self, number: int, command: StoredRow, entry: Mapping[str, Any]) -> None:
        """Take in an entry that erases or redacts, of a command with this number here."""
        erasure = self._by_command.get(number)
        if erasure is None:
            erasure = ArrivedErasure(command["recorded_by"], command["recorded_at"], [], [])
            self._by_command[number] = erasure
        if entry["action"] == "erase":
            erasure.persons.append(entry["record_id"])
        else:
            self._redactions.append((Redaction.of(entry), erasure))

    def all(self) -> list[ArrivedErasure]:
        """Return the erasing commands in the order that they have here."""
        return list(self._by_command.values())

    @property
    def persons(self) -> set[str]:
        """The ids of all persons who are erased."""
        return {person for erasure in self._by_command.values() for person in erasure.persons}

    def apply(self, new: Collection[str]) -> None:
        """Apply the redactions to texts that are here; `new` are the tokens of arrived commands.

        Raises ForgedRedaction.
        """
        by_entry: dict[str, list[tuple[Redaction, ArrivedErasure]]] = defaultdict(list)
        for redaction, erasure in self._redactions:
            if not redaction.is_of_reason:
                by_entry[redaction.entry].append((redaction, erasure))
        for digest, stated in by_entry.items():
            try:
                entry = entry_with(self._target, digest)
            except LookupError:
                self.gaps.update(redaction.record_id for redaction, _ in stated)
            else:
                self._redact(entry, stated)
        self._redact_reasons(new)

    def _redact(self, entry: Columns, stated: list[tuple[Redaction, ArrivedErasure]]) -> None:
        """Apply the redactions of one entry, which was here before or has just arrived."""
        noun, record_id = entry["noun"], entry["record_id"]
        before: dict[str, Any] = json.loads(entry["facts"])
        facts = dict(before)
        for redaction, erasure in stated:
            field = redaction.field
            if not redaction.fits(noun, record_id, facts):
                raise ForgedRedaction(redaction.record_id)
            text = legible(facts)[field]
            if is_redacted(facts[field]):
                self.left_before.setdefault((redaction.entry, field), redaction._replace(left=text))
            else:
                self.removed |= removed_from(text, redaction.left)
            if text != redaction.left:
                erasure.texts.append(RedactedText(redaction, text))
            facts[field] = redacted(facts[field], entry["secret"], field, redaction.left)
        store_redacted(self._target, entry["number"], facts)
        if facts != before and noun != COMMAND:
            self.changed[noun].add(record_id)
        # An erasure redacts all texts of an entry: one that is left open was redacted elsewhere.
        if any(isinstance(facts.get(name), str) for name in text_columns_of(noun)):
            self.gaps.add(record_id)

    def _redact_reasons(self, new: Collection[str]) -> None:
        """Apply redactions of reasons: those that arrive, and those whose commands arrive after them.

        The command may be missing here: it may stay in its own file, or arrive later.
        """
        arrived = {r.record_id: erasure for r, erasure in self._redactions if r.is_of_reason}
        by_command: dict[str, list[Redaction]] = defaultdict(list)
        for redaction in reason_redactions(self._target, {*arrived, *new}):
            by_command[redaction.record_id].append(redaction)
        for token, stated in by_command.items():
            reason = reason_of(self._target, token)
            if reason is None or reason == stated[-1].left:
                continue
            left = reason
            for redaction in stated:
                if not _may_be_of(redaction.left, reason):
                    raise ForgedRedaction(token)
                left = merge_redactions(left, redaction.left)
            last = stated[-1]
            if left != last.left:  # no entry states that yet
                self.left_before[token, last.field] = last._replace(left=left)
            self.removed |= removed_from(reason, last.left)
            if token in arrived:
                number = str(number_of_command(self._target, token))
                arrived[token].texts.append(RedactedText(last._replace(record_id=number), reason))
            store_reason(self._target, token, last.left)


def removed_here(target: Store, source: Store) -> set[str]:
    """Return the pieces that this ledger's redactions took out of texts that a source still holds whole."""
    removed: set[str] = set()
    for redaction in all_redactions(target):
        text = text_of(source, redaction)
        if text is not None and MARK not in text:
            removed |= removed_from(text, redaction.left)
    return removed


def _may_be_of(left: str, text: str) -> bool:
    return is_redaction_of(left, text) or may_be_of_one_text(left, text)
