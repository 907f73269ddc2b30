"""Warnings about undos: those without effect, and states after a merge that no single ledger allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.errors import Phrase
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.kept_records import commands_referring, kept_records
from kmtrack.ledger.queries.commands import (
    command_numbered,
    companies_numbered_by,
    joins_by,
    records_of_commands,
)
from kmtrack.ledger.queries.companies import company_by_id, records_of_company
from kmtrack.ledger.queries.record_names import record_names, records_using, rows_of
from kmtrack.ledger.rows import UNDONE, RowProjection
from kmtrack.ledger.schema.nouns import COMMAND
from kmtrack.ledger.stored_entries import all_entries_on, entries_on
from kmtrack.ledger.voids import Undo, Voids, undos_without_effect
from kmtrack.usecases.check.issues import Issue
from kmtrack.usecases.company_links import statements_as_one
from kmtrack.usecases.record_validity import disagreement_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# The most issues that are named for one company.
_MOST: Final = 3


def undo_warnings(store: Store) -> Iterator[Issue]:
    """Find undos without effect, and what they leave in place after a merge."""
    for undo in undos_without_effect(store):
        facts = {"number": undo.number, "by": undo.recorded_by, "why": Phrase(f"undo.{undo.flaw}")}
        yield Issue("undo_without_effect", facts)
    voids = Voids(store)
    if void := voids.all():
        yield from _kept(store, voids)
        yield from _parted(store, voids, void)
        yield from _sharing(store, voids, void)
        yield from _disagreeing(store, sorted(void))


def _kept(store: Store, voids: Voids) -> Iterator[Issue]:
    """Find records that are kept because another broker's records refer to them."""
    for id_, noun in sorted(kept_records(store, voids.all_without_add()).items()):
        among = {id_}
        if noun == "company" and (row := company_by_id(store, id_)) and row["part_of"]:
            among.add(row["part_of"])
        for used_noun, used in records_using(store, noun, among):
            if stating := commands_referring(store, used_noun, used, id_):
                by = _command(store, stating[-1])
                undone_by = {undo.recorded_by for undo in voids.undos_of_record(noun, id_)}
                facts = {
                    "by": ", ".join(sorted(undone_by)),
                    "noun": noun,
                    "id": id_,
                    "name": _name(store, id_),
                    "used": Phrase("record.plain", noun=Phrase(f"noun.{used_noun}"), id=used),
                    "used_by": by.recorded_by,
                    "number": by.number,
                }
                yield Issue("undone_but_used", facts, (id_, used))
                break


def _parted(store: Store, voids: Voids, void: set[int]) -> Iterator[Issue]:
    """Find companies that were separated although something was stated about them as one."""
    for row in joins_by(store, void):
        records = [
            dict(each) for each in rows_of(store, "company", [row["record_id"], row["other"]])
        ]
        if len(records) < 2 or any(each["withdrawn"] == UNDONE for each in records):  # noqa: PLR2004 - a pair
            continue
        first, other = sorted(records, key=lambda each: (each["recorded_at"], each["id"]))
        if _main_id(first) == _main_id(other):
            continue
        join = _command(store, row["command"])
        undos = [u for u in voids.undos([join.number]) if u.undone == join.number and not u.flaw]
        uses = [
            use
            for use in statements_as_one(store, (first["id"], [first["id"]]), join.number)
            if any(_is_between(join, _command(store, use.command), undo) for undo in undos)
        ]
        for use in uses[:_MOST]:
            by = _command(store, use.command)
            noun, id_ = use.record or ("company", use.company)
            facts = {
                "by": undos[0].recorded_by,
                "name": first["name"],
                "id": first["id"],
                "other": other["name"],
                "other_id": other["id"],
                "used": Phrase("record.plain", noun=Phrase(f"noun.{noun}"), id=id_),
                "used_by": by.recorded_by,
                "number": by.number,
            }
            yield Issue("stated_as_one", facts, (first["id"], other["id"], id_))


def _sharing(store: Store, voids: Voids, void: set[int]) -> Iterator[Issue]:
    """Find companies with one CVR number that the second got while the first temporarily had another."""
    for id_ in sorted(companies_numbered_by(store, void)):
        row = company_by_id(store, id_)
        if row is None or row["withdrawn"] == UNDONE:
            continue
        others = sorted(records_of_company(store, id_).keys() - {id_})
        entries = [e for e in entries_on(store, "company", others) if e.facts.get("cvr")]
        edits = {
            e.command for e in all_entries_on(store, "company", [id_]) if "cvr" in e.facts
        } & void
        undos = [undo for undo in voids.undos(edits) if undo.undone in edits and not undo.flaw]
        for entry in entries:
            by = _command(store, entry.command)
            if any(_is_between(_command(store, undo.undone), by, undo) for undo in undos):
                facts = {
                    "by": undos[0].recorded_by,
                    "name": _name(store, id_),
                    "id": id_,
                    "cvr": entry.facts["cvr"],
                    "other": entry.facts.get("name") or _name(store, entry.record_id),
                    "other_id": entry.record_id,
                    "used_by": by.recorded_by,
                    "number": by.number,
                }
                yield Issue("shares_number", facts, (id_, entry.record_id))
                break


def _is_between(join: Command, command: Command, undo: Undo) -> bool:
    """Return whether the author of a command knew of a join but not of its undo."""
    if command.arrived_at is None:
        return join.number < command.number < undo.number
    return join.recorded_at < command.recorded_at < undo.recorded_at


def _disagreeing(store: Store, void: Sequence[int]) -> Iterator[Issue]:
    """Find records whose facts contradict each other now that some of them were undone."""
    for noun, ids in records_of_commands(store, void).items():
        if noun == "contract":
            yield from _amendments_left_out(store)
        elif noun != COMMAND:
            for row in rows_of(store, noun, ids):
                found = disagreement_in(noun, dict(row)) if row["withdrawn"] is None else None
                if found:
                    facts = {"noun": noun, "id": row["id"], "sentence": found.sentence()}
                    yield Issue("undone_and_disagrees", facts, (row["id"],))


def _amendments_left_out(store: Store) -> Iterator[Issue]:
    projection = RowProjection("contract", CONTRACT_ID)
    for entry in entries_on(store, "contract", [CONTRACT_ID]):
        projection.add(entry)
    for entry in projection.left_out:
        by = _command(store, entry.command)
        yield Issue("amendment_left_out", {"number": by.number, "by": by.recorded_by})


def _main_id(row: Row) -> str:
    return str(row["part_of"] or row["id"])


def _name(store: Store, id_: str) -> str:
    return record_names(store, [id_])[id_].name


def _command(store: Store, number: int) -> Command:
    command = command_numbered(store, number)
    if command is None:
        raise LookupError(number)
    return command
