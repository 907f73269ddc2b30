"""Going back to a backup in one transaction."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.erasure import erased_persons
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.settings import is_bundle
from kmtrack.ledger.store.copies import Backups, copy_ledger
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.ledger.timeline import Command
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.check.integrity import missing_tables
from kmtrack.usecases.people.erase import erase_in
from kmtrack.usecases.target_changes import TargetChange, target_changes

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

_COMMANDS: Final = """
    SELECT number, token, name, recorded_at, recorded_by, reason, arrived_at
    FROM command ORDER BY number
"""
_FIRST: Final = "SELECT token FROM command WHERE name = 'init' AND arrived_at IS NULL"
_NAMED: Final = "SELECT id, name FROM person WHERE id = :id AND name IS NOT NULL"


class Restored(NamedTuple):
    """What going back costs: the commands that are lost and gained, the counts, the erasures again."""

    lost: list[Command]
    gained: int
    erased_again: int
    targets: list[TargetChange]
    kept: Path | None = None


def restore_ledger(session: Session, file: Path, *, keep: bool = True) -> Restored:
    """Put what a copy of this ledger holds in the place of what it holds now.

    The present ledger is kept as a backup. Whoever was erased since the copy was made is erased
    from it again. Without `keep` only to tell what it would do. Raises Refusal `backup_damaged`,
    `other_ledger`, `erased_meanwhile`, LedgerDamaged where tables are lost, so that nothing can be
    put into them, and as `quarantined`.
    """
    if list(missing_tables(session.store)):
        raise LedgerDamaged("ledger_damaged", path=session.store.place)
    with quarantined(file, session.store.folder) as copy:
        refuse_unfit(copy, file)
        if _beginning(copy) != _beginning(session.store):
            raise Refusal("other_ledger", file=file)
        erased = erased_persons(session.store)
        again = _erase_again(session, copy, erased)
        if not keep:
            with session.store.reading():
                return _cost(session.store, copy, again)
        return _replace(session, copy, again, erased)


def refuse_unfit(copy: Store, file: Path) -> None:
    """Raise Refusal `other_ledger` or `backup_damaged` unless the copied file is a whole ledger."""
    if is_bundle(copy):
        raise Refusal("other_ledger", file=file)
    if check_ledger(copy).damage:
        raise Refusal("backup_damaged", file=file)


def _beginning(store: Store) -> str | None:
    row = store.one(_FIRST)
    return row["token"] if row else None


def _erase_again(session: Session, copy: Store, erased: list[str]) -> int:
    """Erase from the copy whoever was erased from the ledger since; how many."""
    there = session._replace(store=copy, backs_up=False, token=None)
    persons = [copy.one(_NAMED, id=id_) for id_ in erased]
    named = [dict(person) for person in persons if person]
    if named:
        erase_in(there, named)
    return len(named)


def _cost(store: Store, copy: Store, again: int, kept: Path | None = None) -> Restored:
    here, there = (_commands(each) for each in (store, copy))
    lost = [command for token, command in here.items() if token not in there]
    gained = [command for token, command in there.items() if token not in here]
    moves = target_changes(contract_in_force(copy), totals(store, date.max), totals(copy, date.max))
    # Erasing again was one command in the copy.
    return Restored(lost, len(gained) - bool(again), again, moves, kept)


def _commands(store: Store) -> dict[str, Command]:
    return {row["token"]: Command.of(row) for row in store.each(_COMMANDS)}


def _replace(session: Session, copy: Store, again: int, erased: list[str]) -> Restored:
    kept = Backups(session.store.path).of_moment(here(session.clock.now()))
    costs: list[Restored] = []

    def meanwhile() -> None:
        if erased_persons(session.store) != erased:
            raise Refusal("erased_meanwhile")
        copy_ledger(session.store, kept)
        costs.append(_cost(session.store, copy, again, kept))

    session.store.replace_with(copy.path, os.urandom(16).hex(), meanwhile)
    return costs[0]
