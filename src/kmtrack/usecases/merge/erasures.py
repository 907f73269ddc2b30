"""The erasures of a merge: what the other ledgers erase here, and what had been erased here before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kmtrack.ledger.arrived_erasures import removed_here
from kmtrack.ledger.erasure import (
    erased_persons,
    erased_persons_with_names,
    kept_redactions,
    note_erased,
    redact_name,
    require_compaction,
)
from kmtrack.ledger.near_forms import is_long_enough
from kmtrack.ledger.queries.people import name_of, people_with_company
from kmtrack.ledger.redactions import reapply_redactions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.ledger.arrived_erasures import ArrivedErasure, ArrivedErasures, RedactedText
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork


class MergedErasure(NamedTuple):
    """A command of another ledger that erases: who gave it, when (UTC), and what it erases here.

    `persons` are those who have a name here (id, name, company), `texts` what was removed from
    texts here.
    """

    file: str
    by: str
    recorded_at: str
    persons: list[Row]
    texts: list[RedactedText]


class NameTakenOut(NamedTuple):
    """A name, or another text, that is removed from further texts here, and how often."""

    name: str
    times: int


class MergedErasures(NamedTuple):
    """Everything that a merge erases here.

    `again` are persons (id and name) who had been erased here and come back from a ledger that does
    not know of it. `lost` counts texts that a restore had lost and that come back without what was
    removed from them. `names` were erased on either side, and are removed from what only the other
    side has.
    """

    commands: list[MergedErasure]
    again: list[Row]
    names: list[NameTakenOut]
    erased: list[Row]
    lost: int = 0

    @property
    def texts(self) -> list[str]:
        """The names and texts known to be erased."""
        return [name.name for name in self.names]

    def __bool__(self) -> bool:
        """Return whether anything is erased that was here."""
        return bool(
            self.again
            or self.lost
            or any(name.times for name in self.names)
            or any(command.persons or command.texts for command in self.commands)
        )


class ErasuresBefore:
    """Gathers what the ledgers of a merge erase, with the names from before."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names: set[str] = set()
        self._commands: list[MergedErasure] = []
        self._erased: list[Row] = []

    def take(self, file: str, source: Store, arrived: ArrivedErasures) -> None:
        """Add what the ledger in one file erases, before the rows of persons are projected again.

        Raises Refusal `not_allowed` if the user may not compact the store.
        """
        store = self._store
        if arrived.all():
            require_compaction(store)
        named = {person["id"]: dict(person) for person in people_with_company(store)}
        for command in arrived.all():
            persons = [named[id_] for id_ in command.persons if id_ in named]
            self._commands.append(_merged(file, command, persons))
            self._erased += persons
            self._names |= {person["name"] for person in persons}
        for person_id in erased_persons(store):
            there = name_of(source, person_id)
            if there is not None:
                self._names.add(there["name"])
        self._names |= known_names(arrived.removed | removed_here(store, source))
        note_erased(store, arrived.persons)

    def finish(self, work: UnitOfWork) -> MergedErasures:
        """Erase again everybody who had been erased here and came back, and remove all names from all texts."""
        again = erased_persons_with_names(self._store)
        if again or self._names:
            require_compaction(self._store)
        for person in again:
            work.append("person", person["id"], "erase", {})
            self._names.add(person["name"])
        names = [NameTakenOut(name, redact_name(work, name)) for name in sorted(self._names)]
        kept = kept_redactions(self._store)
        if kept:
            require_compaction(self._store)
        lost = reapply_redactions(work, kept)
        return MergedErasures(self._commands, again, names, [*self._erased, *again], lost)


def _merged(file: str, command: ArrivedErasure, persons: list[Row]) -> MergedErasure:
    return MergedErasure(file, command.by, command.recorded_at, persons, command.texts)


def known_names(removed: Iterable[str]) -> set[str]:
    """Return the pieces removed from texts, for finding the same in others."""
    return {piece for piece in removed if is_long_enough(piece)}
