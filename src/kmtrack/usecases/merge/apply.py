"""Taking what other ledgers hold, source by source, inside one change."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import document_in_force
from kmtrack.ledger.erasure import (
    ForgedRedaction,
    erased_but_named,
    erased_persons,
    forget_name,
    leave_no_more,
    note_erased,
)
from kmtrack.ledger.exchange import AppliedCommands, ends_by_token, take_commands, tokens_of
from kmtrack.ledger.projection import stored_names
from kmtrack.rules.amendments import changed_terms
from kmtrack.usecases.check.warnings import alike_companies
from kmtrack.usecases.history.commands import as_list
from kmtrack.usecases.merge.bundle import heads_of_bundle
from kmtrack.usecases.merge.company_links import Uniting
from kmtrack.usecases.merge.conflicts import Conflict, TargetSnapshot, conflicts
from kmtrack.usecases.merge.gaps import refuse_gap
from kmtrack.usecases.merge.result import Ahead, ContractChange, FromFile, Merged, Source
from kmtrack.usecases.tallies import totals
from kmtrack.usecases.target_changes import target_changes
from kmtrack.views.contract import changes_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kmtrack.ledger.erasure import Redaction
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.rules.document import Document
    from kmtrack.usecases.check.issue import Issue

_NAME: Final = "SELECT name, secret FROM person WHERE id = :id AND name IS NOT NULL"
_NEW: Final = """
    SELECT DISTINCT noun, record_id FROM entry
    WHERE action = 'add' AND command IN (SELECT value FROM json_each(:commands)) ORDER BY noun
"""
_AHEAD: Final = """
    SELECT recorded_by, max(recorded_at) FROM command
    WHERE number IN (SELECT value FROM json_each(:commands)) AND recorded_at > :moment
    GROUP BY recorded_by ORDER BY recorded_by
"""
_HERE: Final = "SELECT token, recorded_at, recorded_by, number FROM command"
_ENDS: Final = """
    SELECT command.recorded_by, command.recorded_at, entry.digest
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.number IN (SELECT max(number) FROM entry GROUP BY command)
"""


def take_all(work: UnitOfWork, sources: Sequence[Source], gone: list[Row]) -> Merged:
    """Take all sources inside a change; `gone` gets the persons who were erased elsewhere."""
    stood = TargetSnapshot(work.store, work.contract)
    merged = _Taking(work.store, work, stood, gone).all(sources)
    stood.forget()  # where taking fails, it goes with the change
    return merged


class _Taking:
    """Several sources being taken inside one change."""

    def __init__(
        self, store: Store, work: UnitOfWork, stood: TargetSnapshot, gone: list[Row]
    ) -> None:
        self._store = store
        self._work = work
        self._gone = gone
        self._records: dict[str, set[str]] = defaultdict(set)
        self._stood = stood
        self._uniting = Uniting(store)
        self._conflicts: list[Conflict] = []
        self._names_to_forget: set[str] = set()
        self._left_before: dict[tuple[str, str], Redaction] = {}

    def all(self, sources: Sequence[Source]) -> Merged:
        """Take all of them, and tell what follows."""
        before, document = totals(self._store, date.max), document_in_force(self._store)
        files = [self._take(source) for source in sources]
        if not any(each.commands for each in files):
            return Merged(files, [], [], [], [], 0, [])
        self._work.record()
        self._erase_again()
        names = sorted(self._names_to_forget)
        forgotten = sum(forget_name(self._work, name) for name in names)
        leave_no_more(self._work, self._left_before.values())
        return Merged(
            files,
            self._conflicts,
            [found for found in alike_companies(self._store) if self._is_concerned(found)],
            self._stood.became_later(),
            target_changes(self._work.contract, before, totals(self._store, date.max)),
            forgotten,
            self._contract_changes(document),
        )

    def _contract_changes(self, before: Document) -> list[ContractChange]:
        changed = changed_terms(before, document_in_force(self._store))
        return [
            ContractChange(term.key, *values, words)
            for term, values in changed.items()
            for words in changes_in_words(self._work.contract, {term: values})
        ]

    def _erase_again(self) -> None:
        """Erase who was erased here once and comes in by what was stated before that."""
        for person in erased_but_named(self._store):
            _refuse_traces(self._store)
            self._work.restate("person", person["id"], "erase", {})
            self._gone.append(person)
            self._names_to_forget.add(person["name"])

    def _is_concerned(self, found: Issue) -> bool:
        return not self._records["company"].isdisjoint(found.records)

    def _take(self, source: Source) -> FromFile:
        known_there = _known_in(source.store, self._store)
        _refuse_altered(self._store, source)
        try:
            taken = take_commands(self._store, source.store, self._work.recorded_at)
        except ForgedRedaction as forged:
            raise Refusal("foreign_damaged", file=source.file, what=forged.record_id) from forged
        self._left_before = {**taken.left_before, **self._left_before}
        if taken.commands:
            refuse_gap(self._store, source, taken)
            self._settle(source, taken)
            self._conflicts += conflicts(
                self._store, taken.records, set(taken.commands), known_there
            )
        added: dict[str, set[str]] = defaultdict(set)
        for row in self._store.all(_NEW, commands=as_list(taken.commands)):
            added[row["noun"]].add(row["record_id"])
        united, surplus = self._uniting.take(source.store, added["company"])
        new = {noun: len(ids) for noun, ids in added.items()}
        new["company"] -= surplus
        known = {noun: number for noun, number in new.items() if number}
        ahead = [Ahead(*row) for row in self._ahead(taken)]
        return FromFile(source.file, len(taken.commands), taken.already_here, known, united, ahead)

    def _ahead(self, taken: AppliedCommands) -> list[StoredRow]:
        """Who recorded any of what was taken more than a day from now, and when at last."""
        tomorrow = datetime.fromisoformat(self._work.recorded_at) + timedelta(days=1)
        return self._store.all(
            _AHEAD, commands=as_list(taken.commands), moment=tomorrow.isoformat()
        )

    def _settle(self, source: Source, taken: AppliedCommands) -> None:
        """Have all rows and verdicts that the taken commands concern made anew."""
        store = self._store
        if taken.erased:
            _refuse_traces(store)
        self._stood.note(source.store)
        for person in sorted(taken.erased):
            named = store.one(_NAME, id=person)
            if named is not None:
                self._gone.append({"id": person, "name": named["name"]})
                self._names_to_forget.add(named["name"])
        for person in erased_persons(store):
            named = source.store.one(_NAME, id=person)
            if named is not None:
                self._names_to_forget.add(named["name"])
        note_erased(store, taken.erased)
        for noun, ids in taken.records.items():
            self._records[noun] |= ids
            self._work.renew(noun, ids)
        self._work.judge(_names_from(source.store, store))


def _refuse_traces(store: Store) -> None:
    if not store.can_compact:
        raise Refusal("not_allowed", path=store.place)


def _refuse_altered(store: Store, source: Source) -> None:
    """Refuse a source in which a command that is here as well ends in another entry."""
    theirs = ends_by_token(source.store)
    for token, digest in ends_by_token(store).items():
        if theirs.get(token, digest) != digest:
            raise Refusal("command_differs", file=source.file)


def _names_from(source: Store, own: Store) -> Callable[[Row], Row]:
    kept = stored_names(own)

    def with_name(person: Row) -> Row:
        named = source.one(_NAME, id=person["id"])
        return {**person, **dict(named)} if named else kept(person)

    return with_name


def _known_in(source: Store, own: Store) -> Callable[[int], bool]:
    """Whether whoever made a source knew of a command that is here, by its number."""
    theirs = tokens_of(source)
    heads = heads_of_bundle(source)
    commands = own.all(_HERE)
    moments = {
        row["recorded_by"]: row["recorded_at"]
        for row in own.all(_ENDS)
        if heads.get(row["recorded_by"]) == row["digest"]
    }
    known = {
        row["number"]
        for row in commands
        if row["token"] in theirs or row["recorded_at"] <= moments.get(row["recorded_by"], "")
    }
    return known.__contains__
