"""Undo and redo: void a command by one entry that names it, unless a later command stands in the way."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import chain, takewhile
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.moments import CORRECTING, void_correction
from kmtrack.ledger.queries.brokers import broker_row
from kmtrack.ledger.queries.commands import (
    command_numbered,
    commands_about,
    commands_given_here,
    is_protected,
    records_of_commands,
)
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.ids import batches
from kmtrack.ledger.schema.nouns import COMMAND
from kmtrack.ledger.settings import restored_last
from kmtrack.ledger.store.copies import Backups
from kmtrack.ledger.verdicts import tallies_after
from kmtrack.ledger.voids import UNDOING, UndoneCommands, Voids, all_undos, commands_reached
from kmtrack.rules.tallies import TargetChange, target_changes
from kmtrack.usecases.optimistic_reads import optimistic
from kmtrack.usecases.restatements import restating_command
from kmtrack.usecases.undo_conflicts import (
    UndoConflict,
    refuse_conflicts,
    refuse_unreadable_contract,
)
from kmtrack.usecases.undo_reads import read_for_undo
from kmtrack.usecases.undo_snapshot import Snapshot, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from typing import Literal

    from kmtrack.ledger.moments import Retimed
    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.queries.record_names import RecordName
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session


# The number of consecutive undos that are examined together.
_A_FEW: Final = 20


class Reversal(NamedTuple):
    """A record that an undo changed, and what became of it.

    The first ones have `before` and `after` as rows; the others None.
    """

    noun: str
    id: str
    way: Literal["out", "in", "changed"]
    before: Row | None = None
    after: Row | None = None


class Undone(NamedTuple):
    """The effect of an undo or redo: the command that it names, the records that change, the targets.

    `taken_back` is the command whose effect changes: it takes effect again if `is_redo`, otherwise
    it no longer does. A command of an older version may be an undo itself: then only `number`, that
    of the new command, gets it back. If no record changes, `restated_by` is the command that
    decides instead, if there is one, and `is_gone` says that it took the record out. `idle` are
    commands without effect from now on, as their records are gone. `names` are those of the records
    shown, and of the records that they refer to. `retimed` are commands that get other moments.
    """

    command: Command
    number: int
    taken_back: Command
    is_redo: bool
    records: list[Reversal]
    targets: list[TargetChange]
    restated_by: Command | None
    is_gone: bool
    idle: list[Command]
    names: Mapping[str, RecordName] = MappingProxyType({})
    retimed: Sequence[Retimed] = ()


@optimistic
def undo_command(session: Session, number: int | None = None, *, keep: bool = True) -> Undone:
    """Undo the command with that number, or the session's last one that is neither void nor an undo.

    Without `keep` only report what it would do. Raises Refusal `nothing_to_undo`,
    `unknown_command`, `command_of_another`, `not_undoable`, `undone_already`,
    `undone_by_restoring`, `undone_by_owner`, `copy_gone`, `restored_last`, and as `refuse_conflicts`.
    """
    command = _last(session) if number is None else _numbered(session, number)
    return _void(session, "undo", command, keep=keep)


@optimistic
def redo_command(session: Session, number: int | None = None, *, keep: bool = True) -> Undone:
    """Void the session's last undo that is not void, unless a command was given since.

    `number` is that of the undo, if it is known. Raises Refusal `nothing_to_redo`, and as
    `undo_command`.
    """
    if number is not None:
        return _void(session, "redo", _numbered(session, number), keep=keep)
    command, named = _last_undo(session)
    return _void(session, "redo", command, named, keep=keep)


def _last_undo(session: Session) -> tuple[Command, list[int]]:
    """Return the session's last undo that is not void, and the commands that it reaches."""
    store, voids = session.store, Voids(session.store)
    store.foresee(
        lambda: next(commands_given_here(store, session.who), None), partial(all_undos, store)
    )
    undos = takewhile(lambda c: c.name in UNDOING, commands_given_here(store, session.who))
    for some in batches(undos, _A_FEW):
        named = UndoneCommands(store, [command.number for command in some])
        for command in some:
            is_void = voids.among([command.number])
            if not is_void and not named.is_redo(command.number, command.reason):
                return command, named.reached([command.number])
    raise Refusal("nothing_to_redo", by=session.who)


def _last(session: Session) -> Command:
    """Return the session's last command that is neither void nor an undo. Raises Refusal."""
    store, own = session.store, _commands_in_force(session)
    store.foresee(
        lambda: next(commands_given_here(store, session.who), None),
        partial(all_undos, store),
        partial(restored_last, store),
    )
    command = next(own, None)
    restored = restored_last(store)
    last = command.number if command else 0
    if restored is not None and restored.by == session.who and last <= restored.command:
        raise Refusal("restored_last", before=_to_undo_instead(store, command, own))
    if command is None:
        raise Refusal("nothing_to_undo", by=session.who)
    if is_protected(store, command):
        raise _protected(store, command, _to_undo_instead(store, next(own, None), own))
    return command


def _commands_in_force(session: Session) -> Iterator[Command]:
    """Yield the session's commands that are neither void nor undos, newest first."""
    voids = Voids(session.store)
    for command in commands_given_here(session.store, session.who):
        if command.name not in UNDOING and not voids.among([command.number]):
            yield command


def _to_undo_instead(store: Store, command: Command | None, earlier: Iterator[Command]) -> object:
    """Name the command that can be undone instead of the last: this one, or the next `earlier` one."""
    while command is not None and is_protected(store, command):
        command = next(earlier, None)
    if command is None:
        return ""
    return Phrase("undo.one_before", number=command.number, command=command.name)


def _numbered(session: Session, number: int) -> Command:
    found = command_numbered(session.store, number)
    if found is None:
        raise Refusal("unknown_command", number=number)
    if found.recorded_by != session.who:
        by = found.recorded_by
        # On a server everybody is known by their user.
        is_said = not session.store.is_served and broker_row(session.store, by) is not None
        hint = Phrase("undo.say_who_you_are", by=by) if is_said else ""
        raise Refusal("command_of_another", number=number, by=by, hint=hint)
    if is_protected(session.store, found):
        raise _protected(session.store, found, "")
    return found


def _protected(store: Store, command: Command, before: object) -> Refusal:
    """Return the refusal for a command that nobody may undo; a merge is taken back by a restore."""
    facts = {"number": command.number, "command": command.name, "before": before}
    if command.name != "merge":
        return Refusal("not_undoable", **facts)
    if not store.is_owned:
        return Refusal("undone_by_owner", **facts)
    backups = Backups(store.path)
    copy = backups.last_until(here(command.recorded_at))
    if copy is None:
        return Refusal("copy_gone", **facts, folder=backups.folder)
    return Refusal("undone_by_restoring", **facts, file=copy)


def _void(
    session: Session, name: str, command: Command, named: Sequence[int] = (), *, keep: bool
) -> Undone:
    quietly = session.rehearsing()
    rehearsal = partial(_void_unless_in_the_way, quietly, name, command, tuple, keep=keep)
    ahead = partial(read_for_undo, session.store, command.number, named, rehearsal)
    try:
        return _void_unless_in_the_way(session, name, command, ahead, keep=keep)
    except UndoConflict as conflict:
        raise conflict.refusal(session.store) from None


def _void_unless_in_the_way(
    session: Session, name: str, command: Command, ahead: Callable[[], object], *, keep: bool
) -> Undone:
    """Void a command. Raises UndoConflict."""
    store = session.store
    with session.unit_of_work(
        name, command.name, dry_run=not keep, ahead=ahead, is_repeated=True
    ) as work:
        if Voids(store).among([command.number]):
            raise Refusal("undone_already", number=command.number, command=command.name)
        reached = [command.number, *commands_reached(store, [command.number])]
        before, tallies = snapshot(store, reached), totals(store, date.max)
        last = command_numbered(store, reached[-1]) if len(reached) > 1 else None
        taken_back = last or command
        retimed: Sequence[Retimed] = ()
        if taken_back.name == CORRECTING:
            retimed = void_correction(work, command.token, taken_back.number)
        else:
            work.void(command.token, reached)
        refuse_unreadable_contract(store, reached[-1])
        judged = work.judge()
        _refuse_disorder(store, retimed)
        after = snapshot(store, reached, before.records)
        refuse_conflicts(store, before, after)
        records = _reversals(before, after)
        # The judged companies say so, except for a company that is out.
        is_told = judged and "company" not in before.records
        now = tallies_after(tallies, judged) if is_told else totals(store, date.max)
        changes = target_changes(work.contract, tallies, now)
        is_redo = len(reached) % 2 == 0  # each names the next one
        restating = None if records else restating_command(store, after)
        restated_by = command_numbered(store, restating.command) if restating else None
        is_gone = restating is not None and restating.is_gone
        number = work.number
        gone = {id_ for id_, reason in after.withdrawn.items() if reason == UNDONE}
        idle = _idle(store, [*reached, number], gone.intersection(r.id for r in records))
        return Undone(
            command,
            number,
            taken_back,
            is_redo,
            records,
            changes,
            restated_by,
            is_gone,
            idle,
            {**before.names, **after.names},
            retimed,
        )


def _refuse_disorder(store: Store, retimed: Sequence[Retimed]) -> None:
    """Refuse to date commands after later ones on the same records.

    Raises Refusal `time_built_upon`.
    """
    for each in retimed:
        about = records_of_commands(store, [each.number])
        ids = {id_ for noun, found in about.items() if noun != COMMAND for id_ in found}
        later = commands_about(store, ids)
        for number in sorted(later):
            other = command_numbered(store, number)
            if other and number > each.number and other.recorded_at < each.after:
                raise Refusal("time_built_upon", number=each.number, later=number)


def _idle(store: Store, besides: list[int], gone: set[str]) -> list[Command]:
    """Return the commands, except some (numbers), whose records are all gone now."""
    numbers = commands_about(store, gone) - set(besides)
    return [
        command
        for number in sorted(numbers - Voids(store).among(numbers))
        if (command := command_numbered(store, number)) is not None
        and gone.issuperset(chain.from_iterable(records_of_commands(store, [number]).values()))
    ]


def _reversals(before: Snapshot, after: Snapshot) -> list[Reversal]:
    """Return what became of each record; a company of several records is one."""
    changed = {
        id_
        for ids in before.records.values()
        for id_ in ids
        if before.rows[id_] != after.rows[id_]
        and not before.withdrawn[id_] == after.withdrawn[id_] == UNDONE
    }
    return [
        Reversal(
            noun,
            id_,
            _way(before.withdrawn[id_], after.withdrawn[id_]),
            before.shown.get(id_),
            after.shown.get(id_),
        )
        for noun, ids in before.records.items()
        for id_ in ids
        if id_ in changed and not _goes_with_its_main_record(id_, before, after, changed)
    ]


def _goes_with_its_main_record(
    id_: str, before: Snapshot, after: Snapshot, changed: Collection[str]
) -> bool:
    """Return whether a part of a company remains one, or is withdrawn or brought back with it."""
    main_before, main_after = before.main_of.get(id_), after.main_of.get(id_)
    if main_before == main_after:
        return main_after in changed
    main = main_after or main_before or ""
    is_withdrawn = (before if main_after else after).withdrawn
    return main in changed and is_withdrawn[id_] is not None and is_withdrawn[main] is not None


def _way(before: str | None, after: str | None) -> Literal["out", "in", "changed"]:
    """Return what became of a record, by the reasons why it was out before and is now."""
    if before == after:
        return "changed"
    if after == UNDONE or before is None:
        return "out"
    return "in" if after is None or before == UNDONE else "changed"
