"""Timelines: what each statement on a record changed, from what to what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.company_identity import OWN_COLUMNS, OwnCompany, of_the_whole, united
from kmtrack.ledger.rows import Folding, fold
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.entries import StoredEntry
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


_OWN: Final = ("id", "recorded_at", *sorted(OWN_COLUMNS))


class CommandMoment(NamedTuple):
    """When a command was given: its number here, when it was recorded, and when it came here."""

    number: int
    recorded_at: str
    arrived_at: str | None


def steps_known_then(
    statements: Sequence[StoredEntry], arrived: Mapping[int, str | None], wanted: Collection[int]
) -> Iterator[RecordChange]:
    """The steps of the commands `wanted` upon records that are or were one company.

    `statements` are all on these records, in order; `arrived` tells by the number of a command when
    it was merged in, None where it was given here.
    """
    for position, stated in enumerate(statements):
        if stated.command in wanted:
            known = _known(statements, position, arrived)
            step = _step(stated, _Companies(known), _Companies([*known, stated]))
            if step is not None:
                yield step


def name_known_then(
    statements: Sequence[StoredEntry],
    arrived: Mapping[int, str | None],
    company: str,
    at: CommandMoment,
) -> str | None:
    """What the company of a record was called when a command said something of it."""
    known = [
        each
        for each in statements
        if (
            each.command <= at.number
            if at.arrived_at is None
            else each.recorded_at <= at.recorded_at
            and (each.record_id == company or arrived.get(each.command) == at.arrived_at)
        )
    ]
    row = _Companies(known).row(company)
    return row["name"] if row else None


def _known(
    statements: Sequence[StoredEntry], position: int, arrived: Mapping[int, str | None]
) -> list[StoredEntry]:
    """What was known where a statement was made.

    Here that is all that was here. Elsewhere it is what came along with it, and what was stated
    before of the records that this is about: they were known there.
    """
    stated = statements[position]
    arrival = arrived.get(stated.command)
    if arrival is None:
        return [
            each
            for each in statements
            if (each.command, each.entry) < (stated.command, stated.entry)
        ]
    earlier = statements[:position]
    along = [each for each in earlier if arrived.get(each.command) == arrival]
    about = {each.record_id for each in (*along, stated)}
    about |= {each.facts["with"] for each in (*along, stated) if each.action == "join"}
    return [each for each in earlier if each.record_id in about]


def _step(stated: StoredEntry, before: _Companies, after: _Companies) -> RecordChange | None:
    id_ = stated.record_id
    old, new = before.row(id_), after.row(id_)
    if new is None:
        return None
    if old is None:  # a new record is what was stated of it, whatever company it turns out to be
        new = after.own[id_]
    return RecordChange("company", stated, old, new, follows=tuple(_follows(id_, before, after)))


def _follows(stated: str, before: _Companies, after: _Companies) -> Iterator[Consequence]:
    """What became of other companies whose records are one with others than before."""
    told = {(before.together(stated), after.together(stated))}
    for id_ in sorted(before.own.keys() & after.own.keys(), key=before.comes_first):
        groups = (before.together(id_), after.together(id_))
        old, new = before.row(id_), after.row(id_)
        if groups[0] == groups[1] or groups in told or old is None or new is None:
            continue
        told.add(groups)
        if changed_between("company", old, new):
            yield Consequence(id_, old, new)


class _Companies:
    """The companies that statements add up to; `own` holds what each record is by itself."""

    def __init__(self, statements: Sequence[StoredEntry]) -> None:
        ids = {stated.record_id for stated in statements}
        folded = {
            id_: fold("company", id_, [each for each in statements if each.record_id == id_])
            for id_ in ids
        }
        self.own: dict[str, Row] = {id_: row for id_, row in folded.items() if row is not None}
        self._united = united(
            [OwnCompany.of(self.own[id_]) for id_ in sorted(self.own)],
            lambda wanted: [each for each in statements if each.record_id in wanted],
        )

    def row(self, id_: str) -> Row | None:
        """What is known of the company that a record is of, but for what is of the record alone."""
        own = self.own.get(id_)
        if own is None or id_ not in self._united:
            return own
        return {**self._united[self._standing(id_)], **{column: own[column] for column in _OWN}}

    def together(self, id_: str) -> frozenset[str]:
        """The records that are one company with this one, itself among them."""
        standing = self._standing(id_)
        return frozenset(
            {id_, *(other for other in self._united if self._standing(other) == standing)}
        )

    def comes_first(self, id_: str) -> tuple[bool, str]:
        """Sorts the records that stand for companies before their parts."""
        return self._standing(id_) != id_, id_

    def _standing(self, id_: str) -> str:
        row = self._united.get(id_)
        return (row["part_of"] or id_) if row else id_
