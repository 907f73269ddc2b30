"""Kept records: those that stay although every command that adds them is void.

A record stays while another that is in force refers to it, so that no reference dangles.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.company_identity import LINKING, IdentityFacts, links_of, stated_links
from kmtrack.ledger.queries.companies import companies_together, joined_companies
from kmtrack.ledger.rows import ERASED, UNDONE, project
from kmtrack.ledger.schema.ids import chunks, noun_of
from kmtrack.ledger.schema.nouns import KEEPING, NOUNS, REFERENCES
from kmtrack.ledger.stored_entries import entries_by_record, entries_on
from kmtrack.ledger.voids import Voids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kmtrack.ledger.schema.nouns import Reference
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.stored_entries import StoredEntry

_REFERRED: Final = """
    SELECT DISTINCT "{column}" AS id FROM {noun}
    WHERE "{column}" IS NOT NULL AND id IN (SELECT value FROM json_each(:ids))
"""
_USED: Final = """
    SELECT DISTINCT "{column}" AS id FROM {noun}
    WHERE (withdrawn IS NULL OR withdrawn <> :undone)
    AND "{column}" IN (SELECT value FROM json_each(:ids))
"""
_REFERRING: Final = """
    SELECT id FROM {noun} WHERE "{column}" IN (SELECT value FROM json_each(:ids))
"""
_NOT_OUT: Final = "SELECT id, withdrawn FROM {noun} WHERE id IN (SELECT value FROM json_each(:ids))"


def kept_records(store: Store, records: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return which records exist only because others refer to them: their nouns by id.

    They are searched among `records` (ids by noun), the records that those refer to, and the
    companies joined with these; persons are left out.
    """
    voids, due = Voids(store), defaultdict(set, {noun: set(ids) for noun, ids in records.items()})
    for noun, ids in referred_records(store, due).items():
        due[noun] |= ids
    if due["company"]:
        links = [pair for row in joined_companies(store) for pair in links_of(row)]
        due["company"] |= {
            id_ for pair in links if not due["company"].isdisjoint(pair) for id_ in pair
        }
    return {
        id_: noun
        for noun, ids in due.items()
        if noun != "person"
        for id_ in kept_as_stored(store, voids, noun, ids)
    }


def keep_used_records(
    store: Store, voids: Voids, among: Mapping[str, Collection[str]] | None = None
) -> None:
    """Note in `voids` which records are kept because a record in force refers to them.

    `among` (ids by noun) limits the search; it must contain all that has changed since the moment
    of `voids`, and the companies linked with that.
    """
    undone = (
        voids.all_without_add()
        if among is None
        else {noun: voids.without_add(noun, ids) for noun, ids in among.items() if ids}
    )
    for noun in reversed(tuple(NOUNS)):  # what refers to a record is known before it
        references = [r for r in KEEPING if r.noun == noun and undone.get(r.refers_to)]
        if not references:
            continue
        for record_id, entries in _entries(store, voids, noun, references, undone, among):
            stated = {(r, entry.facts.get(r.column)) for r in references for entry in entries}
            if any(id_ in undone[r.refers_to] for r, id_ in stated):
                row = project(noun, record_id, entries)
                if row is not None and row["withdrawn"] != UNDONE:
                    voids.kept |= {row[r.column] for r in references} & set().union(
                        *(undone[r.refers_to] for r in references)
                    )
    if undone.get("company"):
        links: list[tuple[str, str]] = []
        for record_id, entries in _entries(store, voids, "company", (), undone, among):
            if not LINKING.isdisjoint(entry.action for entry in entries):
                row = project("company", record_id, entries)
                links += [] if row is None else stated_links(IdentityFacts.of(row))
        named = {other for _, other in links}
        if among is not None:
            named &= set(among.get("company", ()))
        links += _turned(links, _added(store, voids, named))
        voids.kept |= _linked_to_what_stays(links, undone["company"], voids.kept)


def _entries(  # noqa: PLR0913, PLR0917 - what may refer to what is undone
    store: Store,
    voids: Voids,
    noun: str,
    references: Iterable[Reference],
    undone: Mapping[str, Collection[str]],
    among: Mapping[str, Collection[str]] | None,
) -> Iterator[tuple[str, list[StoredEntry]]]:
    """Yield the entries in force on each record of a noun that may keep one that is undone."""
    if among is None:
        yield from entries_by_record(store, noun, voids)
        return
    ids = set(among.get(noun, ()))
    for reference in references:
        statement = _REFERRING.format(noun=noun, column=reference.column)
        for some in chunks(undone[reference.refers_to]):
            ids |= {row["id"] for row in store.all(statement, ids=json.dumps(some))}
    for some in chunks(ids):
        entries = sorted(entries_on(store, noun, some, voids), key=attrgetter("record_id"))
        for record_id, group in groupby(entries, attrgetter("record_id")):
            yield record_id, list(group)


def _added(store: Store, voids: Voids, companies: Collection[str]) -> set[str]:
    """Return those of these companies that an entry in force adds."""
    return {
        entry.record_id
        for some in chunks(companies)
        for entry in entries_on(store, "company", some, voids)
        if entry.action == "add"
    }


def _turned(links: Iterable[tuple[str, str]], here: Collection[str]) -> list[tuple[str, str]]:
    """Return the links that name one of these companies second, turned round: a join concerns both."""
    return [(other, one) for one, other in links if other in here]


def _linked_to_what_stays(
    links: Iterable[tuple[str, str]], undone: Collection[str], kept: Collection[str]
) -> set[str]:
    """Return those of the `undone` companies that are linked to one that stays, be it a kept one."""
    found, pairs = set(kept), list(links)
    while more := {
        other
        for one, other in pairs
        if other in undone and other not in found and (one not in undone or one in found)
    }:
        found |= more
    return found - set(kept)


def referred_records(store: Store, due: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return the records that the stored rows of some records refer to, both by noun."""
    found = referred_in_rows(store, due)
    if found["company"]:  # a row refers to the main record, an entry perhaps to another
        found["company"] |= companies_together(store, found["company"])
    return found


def referred_in_rows(store: Store, due: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
    """Return the records named in the stored rows of some records, both by noun."""
    found: dict[str, set[str]] = defaultdict(set)
    wanted = [
        (refers_to, partial(store.all, statement, ids=json.dumps(ids)))
        for noun, column, refers_to in REFERENCES
        for statement in [_REFERRED.format(noun=noun, column=column)]
        for ids in chunks(sorted(due.get(noun, ())))
    ]
    store.foresee(*(read for _, read in wanted))
    for refers_to, read in wanted:
        found[refers_to].update(row["id"] for row in read())
    return found


def used_records(store: Store, noun: str, undone: Collection[str]) -> set[str]:
    """Return those of these records that the stored row of a record in force refers to."""
    if not undone:
        return set()
    found: set[str] = set()
    ids = json.dumps(sorted(undone))
    for child, column, refers_to in KEEPING:
        if refers_to == noun:
            statement = _USED.format(noun=child, column=column)
            found |= {row["id"] for row in store.all(statement, ids=ids, undone=UNDONE)}
    if noun == "company":
        links = [
            pair
            for row in joined_companies(store)
            if row["withdrawn"] != UNDONE or row["id"] in undone
            for pair in links_of(row)
        ]
        others = {other for _, other in links}
        links += _turned(links, not_out(store, "company", others) | (others & set(undone)))
        found |= _linked_to_what_stays(links, undone, found)
    return found


def not_out(store: Store, noun: str, undone: Collection[str]) -> set[str]:
    """Return those of these records whose stored rows are in force."""
    found: set[str] = set()
    for ids in chunks(undone):
        rows = store.all(_NOT_OUT.format(noun=noun), ids=json.dumps(ids))
        found |= {row["id"] for row in rows if row["withdrawn"] not in {UNDONE, ERASED}}
    return found


def kept_as_stored(store: Store, voids: Voids, noun: str, ids: Collection[str]) -> set[str]:
    """Return those of these records that the stored rows show to be kept."""
    return not_out(store, noun, voids.without_add(noun, ids))


def commands_referring(store: Store, noun: str, record_id: str, to: str) -> list[int]:
    """Return the numbers of the commands that made a record of a noun refer to another (ids).

    A join concerns both companies, and is stated at one of them.
    """
    entries = entries_on(store, noun, [record_id])
    found = [entry.command for entry in entries if to in entry.facts.values()]
    if noun == noun_of(to) == "company":
        joins = entries_on(store, noun, [to])
        found += [entry.command for entry in joins if record_id in entry.facts.values()]
    return found
