"""Reads of an undo: what it will ask the ledger, asked in few steps before the ledger is locked."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.dossiers import DossierReader
from kmtrack.ledger.kept_records import not_out, referred_in_rows, used_records
from kmtrack.ledger.projection import companies_of, main_ids, reads_of_rewritten, stored_names
from kmtrack.ledger.queries.commands import command_numbered, commands_about, records_of_commands
from kmtrack.ledger.queries.companies import company_parts, joined_companies
from kmtrack.ledger.queries.record_names import broken_references, record_names, rows_of
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.schema.nouns import COMPANY_COLUMNS
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.ledger.verdicts import stored_verdicts
from kmtrack.ledger.voids import Voids, all_undos, commands_reached
from kmtrack.usecases.undo_conflicts import REFERENCES_TO_MIND
from kmtrack.usecases.undo_snapshot import records_named, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kmtrack.ledger.store.base import Store

# An undo of an import reads too much to announce it beforehand.
_FEW = 20


def read_for_undo(
    store: Store, number: int, named: Sequence[int], rehearsal: Callable[[], object]
) -> None:
    """Read what an undo of a command (number) reads, as far as that is foreseeable, in few trips to a server.

    `named` are the other commands that it reaches, if they are known. The `rehearsal` goes through
    all of it without writing.
    """
    store.foresee(
        partial(all_undos, store),
        partial(commands_reached, store, [number]),
        partial(records_of_commands, store, [number, *named]),
        *(partial(command_numbered, store, each) for each in named[-1:]),
        partial(company_parts, store),
        partial(joined_companies, store),
        partial(totals, store, date.max),
        partial(entries_on, store, "contract", [CONTRACT_ID]),
    )
    reached = [number, *commands_reached(store, [number])]
    store.foresee(*(partial(command_numbered, store, each) for each in reached[1:][-1:]))
    records = records_named(store, reached, company_parts(store))
    if sum(map(len, records.values())) > _FEW:
        return
    store.foresee(*_of_records(store, records))
    due = defaultdict(set, {noun: set(ids) for noun, ids in records.items()})
    for noun, ids in referred_in_rows(store, records).items():
        due[noun] |= ids
    store.foresee(*_of_what_they_refer_to(store, due))
    before = snapshot(store, reached)
    nouns = before.records.keys()
    store.foresee(
        *(
            partial(broken_references, store, reference, before.rows)
            for reference in REFERENCES_TO_MIND
            if not nouns.isdisjoint({reference.noun, reference.refers_to})
        )
    )
    store.foresee(rehearsal, is_deep=True)


def _of_records(store: Store, records: dict[str, list[str]]) -> Iterator[Callable[[], object]]:
    """Yield what is read of the records themselves, by noun."""
    yield partial(referred_in_rows, store, records)
    every = [id_ for ids in records.values() for id_ in ids]
    yield partial(record_names, store, every)
    yield partial(commands_about, store, every)
    for noun, ids in records.items():
        yield partial(list, rows_of(store, noun, ids))
        yield partial(Voids(store).without_add, noun, ids)
        yield partial(entries_on, store, noun, ids)
        yield partial(used_records, store, noun, ids)
        yield partial(not_out, store, noun, ids)
        if noun in COMPANY_COLUMNS:
            yield partial(companies_of, store, noun, ids)


def _of_what_they_refer_to(
    store: Store, due: dict[str, set[str]]
) -> Iterator[Callable[[], object]]:
    """Yield what is read of the records and of those that they refer to, by noun."""
    companies = due["company"]
    yield from reads_of_rewritten(store, sorted(companies))
    yield partial(main_ids, store, companies)
    yield partial(record_names, store, {id_ for ids in due.values() for id_ in ids})
    for noun, ids in due.items():
        yield partial(Voids(store).without_add, noun, ids)
        yield partial(not_out, store, noun, ids)
    for person in due["person"]:
        yield partial(stored_names(store), {"id": person})
    for company in sorted(companies):
        yield partial(DossierReader(store).foresee, company)
        yield partial(stored_verdicts, store, company)
