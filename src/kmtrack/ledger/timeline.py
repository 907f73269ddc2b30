"""Timelines: what each statement on a record changed, from what to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.company_identity import OWN_COLUMNS, of_the_whole
from kmtrack.ledger.entry_replay import Folding
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.ledger.entry_replay import StoredEntry
    from kmtrack.ledger.rows import Row

# What follows from the rest, or is none of a record's facts.
DERIVED: Final = frozenset({"id", "recorded_at", "name_key", "part_of", "secret"})


class Consequence(NamedTuple):
    """What became of another company: the record that stands for it, its row before and after."""

    id: str
    before: Row
    after: Row

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """The columns that changed, each with its old and its new value."""
        return changed_between("company", self.before, self.after)


class RecordChange(NamedTuple):
    """A statement on a record of a noun, with its row before (None where there was none) and after.

    `own_cvr` is a company's number before and after, as this very record adds up to. `follows` tells
    what became of other companies, where records were joined or are no longer.
    """

    noun: str
    stated: StoredEntry
    before: Row | None
    after: Row
    own_cvr: tuple[str | None, str | None] = (None, None)
    follows: tuple[Consequence, ...] = ()

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """The columns that this changed, each with its old and its new value."""
        return changed_between(self.noun, self.before, self.after)


def changed_between(noun: str, before: Row | None, after: Row) -> dict[str, tuple[Any, Any]]:
    """The columns in which two rows of a record differ, but for those that follow from others."""
    old = before or NOUNS[noun].blank
    return {
        column: (old[column], after[column])
        for column in NOUNS[noun].columns
        if column not in DERIVED and old[column] != after[column]
    }


def timeline(noun: str, record_id: str, statements: Iterable[StoredEntry]) -> list[RecordChange]:
    """The steps of one record, oldest first.

    `statements` are in order. Where a company is of several records they are those on all of them:
    what is stated of one is stated of the company.
    """
    whole, own = Folding(noun, record_id), Folding(noun, record_id)
    steps: list[RecordChange] = []
    for stated in statements:
        before = _with_own(whole.row, own.row)
        cvr_before = _cvr(own.row)
        whole.take(of_the_whole(stated) if noun == "company" else stated)
        if stated.record_id != record_id:
            continue
        own.take(stated)
        after = _with_own(whole.row, own.row)
        if after is not None:
            steps.append(RecordChange(noun, stated, before, after, (cvr_before, _cvr(own.row))))
    return steps


def _cvr(row: Row | None) -> str | None:
    return row.get("cvr") if row else None


def _with_own(whole: Row | None, own: Row | None) -> Row | None:
    if whole is None or own is None:
        return None
    return {**whole, **{column: own[column] for column in OWN_COLUMNS if column in own}}
