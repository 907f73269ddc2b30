"""Restore: put a backup in place of the present ledger, and apply the later erasures again."""

from __future__ import annotations

import os
import shutil
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.files import empty_beside, move_into
from kmtrack.ledger.arrived_erasures import removed_here
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.copy_origin import commands_not_in, forget_origin, keep_copy, note_lost
from kmtrack.ledger.erasure import erased_persons, keep_redactions, times_in
from kmtrack.ledger.erasure_in_copies import erase_as_in
from kmtrack.ledger.queries.commands import newest_command, number_and_last, token_of_init
from kmtrack.ledger.queries.people import people_with_company
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.redactions import all_redactions, redactions_by
from kmtrack.ledger.settings import Restoring, is_bundle, note_restored
from kmtrack.ledger.store.address import is_shared
from kmtrack.ledger.store.copies import Backups, copy_ledger, remember_folder
from kmtrack.ledger.store.errors import LedgerDamaged, WriteFailed
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.ledger.store.sqlite import journals_beside, remove_journals
from kmtrack.ledger.voids import ERASING
from kmtrack.rules.tallies import TargetChange, target_changes
from kmtrack.usecases.check.integrity import damage_in, missing_tables
from kmtrack.usecases.clean_up import clean_up, note_left
from kmtrack.usecases.merge.erasures import NameTakenOut, known_names

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.clock import Clock
    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.redactions import Redaction
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session


class ErasedAgain(NamedTuple):
    """What was erased since a backup was made, and is removed from it again.

    `persons` have a name in the backup (id, name, company); `names` are the known texts that are
    removed, with how often. `texts` counts the texts that change.
    """

    persons: list[Row]
    names: list[NameTakenOut]
    texts: int

    @property
    def anything(self) -> bool:
        """Whether the backup contained any of it."""
        return bool(self.persons or self.texts)


class Restored(NamedTuple):
    """What a restore costs: commands lost and gained, changes of targets, erasures applied again."""

    lost: list[Command]
    gained: list[Command]
    erased_again: ErasedAgain
    targets: list[TargetChange]
    kept: Path | None = None


def restore_ledger(session: Session, file: Path, *, keep: bool = True) -> Restored:
    """Replace the ledger's content by that of a backup of it.

    The present ledger is kept as a backup. Persons and texts erased since the backup was made are
    erased again. Without `keep`, only return what a restore would do. Raises Refusal
    `backup_damaged`, `other_ledger`, `erased_meanwhile`, LedgerDamaged if tables are lost, so that
    nothing can be put into them, and as `quarantined`.
    """
    if list(missing_tables(session.store)):
        raise LedgerDamaged("ledger_damaged", path=session.store.location)
    with quarantined(file, session.store.folder) as copy:
        refuse_unfit(copy, file)
        if token_of_init(copy) != token_of_init(session.store):
            raise Refusal("other_ledger", file=file)
        erased = _erased_in(session.store)
        again = _erase_again(session, copy)
        if not keep:
            with session.store.reading():
                return _cost(session.store, copy, again)
        restored = _replace(session, copy, again, erased)
    # Only now, when the private copy is gone.
    if again.anything:
        unfinished = clean_up(session, [name.name for name in again.names]).traces
        if unfinished:
            session.warn(Refusal("clean_up_failed", cause=unfinished.facts["cause"]))
    return restored


def refuse_unfit(copy: Store, file: Path) -> None:
    """Raise Refusal `other_ledger` or `backup_damaged` unless the copied file is a whole ledger."""
    if is_bundle(copy):
        raise Refusal("other_ledger", file=file)
    if damage_in(copy):
        raise Refusal("backup_damaged", file=file)


def _erase_again(session: Session, copy: Store) -> ErasedAgain:
    """Erase from the copy the persons and texts erased from the ledger since."""
    store, before = session.store, newest_command(copy)
    erased = {*erased_persons(store)}
    persons = [person for person in people_with_company(copy) if person["id"] in erased]
    names = {person["name"] for person in persons} | known_names(removed_here(store, copy))
    taken_out = [NameTakenOut(name, times_in(copy, name)) for name in sorted(names)]
    with session.in_copy(copy).unit_of_work(ERASING) as work:
        erase_as_in(store, work, names)
    if newest_command(copy) == before:
        return ErasedAgain([], [], 0)
    copy.compact()
    return ErasedAgain(persons, taken_out, len(redactions_by(copy, newest_command(copy).number)))


def _erased_in(store: Store) -> tuple[list[str], list[Redaction]]:
    return erased_persons(store), all_redactions(store)


def _cost(store: Store, copy: Store, again: ErasedAgain, kept: Path | None = None) -> Restored:
    lost, gained = list(commands_not_in(copy, store)), list(commands_not_in(store, copy))
    moves = target_changes(contract_in_force(copy), totals(store, date.max), totals(copy, date.max))
    # The last command in the copy is the one that erased again.
    return Restored(lost, gained[:-1] if again.anything else gained, again, moves, kept)


def _replace(session: Session, copy: Store, again: ErasedAgain, erased: object) -> Restored:
    kept = Backups(session.store.path).of_moment(here(session.clock.now()))
    remember_folder(session.store, kept.parent)
    session.clean_left(session)
    costs: list[Restored] = []

    def meanwhile() -> None:
        if _erased_in(session.store) != erased:
            raise Refusal("erased_meanwhile")
        keep_copy(session.store, kept)
        keep_redactions(session.store, copy)
        note_lost(session.store, copy)
        note_restored(session.store, Restoring(newest_command(copy).number, session.who))
        costs.append(_cost(session.store, copy, again, kept))
        if again.anything:
            note_left(session)

    token = os.urandom(16).hex()
    session.change.begin(partial(session.store.is_stored, token))
    session.store.replace_with(copy.path, token, meanwhile)
    session.change.store()
    return costs[0]


class Replaced(NamedTuple):
    """The content of the backup: the number of commands, and when (UTC) the last was recorded.

    `kept` is the path of the unreadable file, if there was one.
    """

    commands: int
    last: str
    kept: Path | None = None


def replace_unreadable(path: Path, file: Path, clock: Clock, *, keep: bool = True) -> Replaced:
    """Put a backup in the place of a ledger that is missing or unreadable, and keep the old file.

    Without `keep`, only return the content of the backup. Raises Refusal `shared_place`,
    `copy_failed`, `disk_full`, and as `quarantined` and `refuse_unfit`.
    """
    if not path.exists() and is_shared(path):
        raise Refusal("shared_place", path=path)
    with quarantined(file, path.parent) as copy:
        refuse_unfit(copy, file)
        found = Replaced(*number_and_last(copy))
        if keep:
            found = found._replace(kept=_keep(path, clock))
            forget_origin(copy)
            copy_ledger(copy, path)
    return found


def _keep(path: Path, clock: Clock) -> Path | None:
    """Copy an unreadable ledger to the backups, if there is one, with the journals that SQLite left beside it.

    The journals must then go: SQLite would play them back into the backup that takes the ledger's
    place.
    """
    kept = Backups(path).of_damaged(here(clock.now()))
    there = path.exists()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for source in (*((path,) if there else ()), *journals_beside(path)):
            target = kept.with_name(kept.name + source.name.removeprefix(path.name))
            with empty_beside(target) as beside:
                shutil.copyfile(source, beside)
                move_into(beside, target)
        remove_journals(path)
    except OSError as error:
        raise WriteFailed("copy_failed", file=kept) from error
    return kept if there else None
