"""Snapshots: the records that an undo affects, before and after it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.kept_records import kept_records
from kmtrack.ledger.queries.commands import records_of_commands
from kmtrack.ledger.queries.companies import company_parts
from kmtrack.ledger.queries.record_names import record_names, rows_of
from kmtrack.ledger.schema.nouns import COMMAND, NOUNS, REFERENCE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.ledger.queries.record_names import RecordName
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# An undo of an import is about more records than anybody reads.
_SHOWN: Final = 100


class Snapshot(NamedTuple):
    """The records of some commands (numbers) as they are; the last command has entries of its own.

    `records` are their ids by noun, with the other records of their companies. `rows` has for each
    id a number that differs for different rows; `withdrawn` says why each is out. `main_of` has the
    main record of each linked company record, `parts_of` the others by their main record, and
    `kept` the records that exist only because others refer to them. `shown` are the rows of the
    first ones of each noun, and `names` what those and the records that they refer to are called.
    """

    commands: Sequence[int]
    records: Mapping[str, Sequence[str]]
    rows: Mapping[str, int]
    withdrawn: Mapping[str, str | None]
    main_of: Mapping[str, str]
    parts_of: Mapping[str, set[str]]
    kept: Mapping[str, str]
    shown: Mapping[str, Row]
    names: Mapping[str, RecordName]

    def together(self, company_id: str) -> set[str]:
        """Return the records that are one company with this one, itself included."""
        main = self.main_of.get(company_id, company_id)
        return {company_id, main, *self.parts_of.get(main, ())}


def snapshot(
    store: Store, commands: Sequence[int], records: Mapping[str, Sequence[str]] | None = None
) -> Snapshot:
    """Take a snapshot of these records, or of those of some commands and the records kept for them."""
    main_of = company_parts(store)
    if records is None:
        named = records_named(store, commands, main_of)
        for id_, noun in kept_records(store, named).items():  # it goes with them
            if id_ not in named.setdefault(noun, []):
                named[noun].append(id_)
        records = {noun: named[noun] for noun in NOUNS if noun in named}
    rows: dict[str, int] = {}
    withdrawn: dict[str, str | None] = {}
    shown: dict[str, Row] = {}
    for noun, ids in records.items():
        first = frozenset(ids[:_SHOWN])
        for row in rows_of(store, noun, ids):
            rows[row["id"]] = hash(tuple(row))
            withdrawn[row["id"]] = row["withdrawn"]
            if row["id"] in first:
                shown[row["id"]] = dict(row)
    parts_of: dict[str, set[str]] = defaultdict(set)
    for id_, main in main_of.items():
        parts_of[main].add(id_)
    kept = kept_records(store, records)
    referred = (row.get(column) for row in shown.values() for column in REFERENCE_COLUMNS)
    names = record_names(store, {*shown, *filter(None, referred)})
    return Snapshot(commands, records, rows, withdrawn, main_of, parts_of, kept, shown, names)


def records_named(
    store: Store, commands: Sequence[int], main_of: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return the records that some commands (numbers) name, by noun, with all records of their companies."""
    found = records_of_commands(store, commands)
    found.pop(COMMAND, None)
    if "company" in found:
        mains = {main_of.get(id_, id_) for id_ in found["company"]}
        parts = {id_ for id_, main in main_of.items() if main in mains}
        found["company"] = [*dict.fromkeys([*found["company"], *sorted(mains | parts)])]
    return {noun: found[noun] for noun in NOUNS if noun in found}
