"""History: the commands of a ledger with what each of them changed, oldest first."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from contextlib import suppress
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.company_timeline import company_changes, company_names_at
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.queries.commands import (
    About,
    Sought,
    commands_about,
    find_commands,
    number_of_commands,
    records_of_commands,
)
from kmtrack.ledger.queries.companies import records_of_company
from kmtrack.ledger.queries.history import (
    number_of_records,
    number_on_records,
    reasons_redacted_by,
    records_of,
    sizes_of_commands,
)
from kmtrack.ledger.queries.record_names import RecordName, ids_at_company, record_names
from kmtrack.ledger.schema.ids import LETTERS, batches, noun_of
from kmtrack.ledger.schema.nouns import AT_COMPANIES, EVENTS, NOUNS, REFERENCE_COLUMNS
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.ledger.timeline import changes_in_force, changes_on
from kmtrack.ledger.voids import ERASING, UNDOING, UndoneCommands, Voids, commands_reached
from kmtrack.usecases.company_lookup import find_company, is_last
from kmtrack.usecases.record_lookup import UnknownRecord, company_and_day, find_record
from kmtrack.usecases.records import statements_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange
    from kmtrack.usecases.session import Session


# A command on more records than this is read separately, and for a page only as far as it is shown.
_SMALL: Final = 100
# The number of commands, and of entries, that are read together.
_TOGETHER, _AT_ONCE = 200, 2000
# The commands that may redact the reason of another.
_REDACTING: Final = frozenset({ERASING, "merge", "restore"})
# The nouns in the order in which changes are listed; companies are listed separately.
_NOUNS: Final = tuple(NOUNS)


class Filter(NamedTuple):
    """Which commands to show: on a record or company, since a moment (UTC), by one person."""

    about: str | None = None
    since: str = ""
    by: str | None = None
    most: int = EVERYTHING


class HistoryItem(NamedTuple):
    """A command with its changes of records, all or the first of them; `number` is how many there are.

    `names` are those of the companies and other records concerned, by id, as they were then; a
    command of which a page leaves nothing out has none. `reasons` are the commands (numbers) whose
    reasons it redacted.
    """

    command: Command
    changes: Iterable[RecordChange]
    number: int
    names: Mapping[str, RecordName] = MappingProxyType({})
    reasons: tuple[int, ...] = ()


class History(NamedTuple):
    """The newest matching commands, newest last; `number` is how many match in all."""

    items: list[HistoryItem]
    number: int


class ContractStatement(NamedTuple):
    """When and by whom the contract was entered or amended, and the changes."""

    statement: dict[str, Any]
    change: RecordChange


def history_of(session: Session, wanted: Filter, changes: int = EVERYTHING) -> History:
    """Return the matching commands, with the first `changes` of each.

    Raises as `find_record` does.
    """
    store = session.store
    with store.reading():
        found = _sought(session, wanted)

        def read() -> History:
            items = list(_items(store, found, wanted.most, changes))
            return History(items, number_of_commands(store, found))

        if wanted.most <= _TOGETHER:
            store.foresee(read, is_deep=True)
        return read()


def each_of_history(
    session: Session, wanted: Filter, changes: int | None = None
) -> Iterator[HistoryItem]:
    """Yield what `history_of` returns, one command at a time, each with all its changes or the first.

    All changes of a large command are read as they are asked for, so hold a snapshot meanwhile.
    """
    found = _sought(session, wanted)
    yield from _items(session.store, found, wanted.most, changes)


def _sought(session: Session, wanted: Filter) -> Sought:
    records = _records_about(session, wanted.about) if wanted.about else None
    by = _recorded_as(wanted.by) if wanted.by else None
    about = None if records is None else About(records, _undos_on(session.store, records))
    return Sought(wanted.since, by, about)


def _items(store: Store, sought: Sought, most: int, changes: int | None) -> Iterator[HistoryItem]:
    """Yield commands with their changes: small commands together, large ones one by one."""
    about = sought.about.records if sought.about else None
    small: list[Command] = []
    weight = 0
    for commands in batches(find_commands(store, sought, most), _TOGETHER):
        undone = _undone_by(store, commands)
        sizes = sizes_of_commands(store, {c.number for c in commands} | set(undone.values()))
        for command in commands:
            number = command.number
            size = sizes.get(number, 0) + sizes.get(undone.get(number, 0), 0)
            is_large = size > _SMALL and about is None
            if small and (is_large or weight + size > _AT_ONCE):
                yield from _small_ones(store, small, about, changes)
                small, weight = [], 0
            if is_large:
                yield _large_one(store, command, undone.get(number), changes)
            else:
                small.append(command)
                weight += size
    yield from _small_ones(store, small, about, changes)


def _undone_by(store: Store, commands: Iterable[Command]) -> dict[int, int]:
    """Return what each of these commands finally takes back or brings back, if anything."""
    undos = [command.number for command in commands if command.name in UNDOING]
    if not undos:
        return {}
    named = UndoneCommands(store, undos)
    return {number: reached[-1] for number in undos if (reached := named.reached([number]))}


def _small_ones(
    store: Store, commands: list[Command], about: Iterable[str] | None, most: int | None
) -> Iterator[HistoryItem]:
    found = changes_by(store, commands, about)
    shown = {number: changes[:most] for number, changes in found.items()}
    names, then = _names(store, shown), _names_then(store, commands, shown)
    reasons = _reasons(store, commands) if about is None else {}
    for command in commands:
        number = command.number
        own = ChainMap(then.get(number, {}), names)
        shown_of = shown.get(number, [])
        yield HistoryItem(command, shown_of, len(found[number]), own, reasons.get(number, ()))


def _large_one(store: Store, command: Command, undone: int | None, most: int | None) -> HistoryItem:
    """Return a command on many records: with all its changes, not read yet, or with the first."""
    number = number_on_records(store, command.number)
    number += number_of_records(store, undone) if undone else 0
    reasons = _reasons(store, [command]).get(command.number, ())
    if most is None:
        changes = _each_change(store, command.number, undone or command.number)
        return HistoryItem(command, changes, number, reasons=reasons)
    ids: dict[str, list[str]] = {}
    room = most
    for noun in _NOUNS:
        ids[noun] = list(records_of(store, undone or command.number, noun, room)) if room else []
        room -= len(ids[noun])
    first = _changes_on(store, ids, {command.number})[command.number][:most]
    own = {command.number: first}
    names, then = _names(store, own), _names_then(store, [command], own)
    own_names = ChainMap(then.get(command.number, {}), names)
    return HistoryItem(command, first, number, own_names, reasons)


def _reasons(store: Store, commands: Iterable[Command]) -> dict[int, tuple[int, ...]]:
    """Return the commands whose reasons these commands redacted, all by number."""
    erasing = [command.number for command in commands if command.name in _REDACTING]
    return reasons_redacted_by(store, erasing) if erasing else {}


def _each_change(store: Store, number: int, about: int) -> Iterator[RecordChange]:
    """Yield the changes by a command on the records of a command (numbers), in batches of records."""
    for noun in _NOUNS:
        for ids in batches(records_of(store, about, noun, EVERYTHING), _AT_ONCE):
            yield from _changes_on(store, {noun: ids}, {number})[number]


def changes_by(
    store: Store, commands: Iterable[Command], records: Iterable[str] | None = None
) -> dict[int, list[RecordChange]]:
    """Return the changes of each of these commands, by its number: all, or those on these records (ids)."""
    numbers = {command.number for command in commands}
    ids = records_of_commands(store, {*numbers, *commands_reached(store, numbers)}, records)
    return _changes_on(store, ids, numbers)


def _changes_on(
    store: Store, ids: Mapping[str, Iterable[str]], numbers: Collection[int]
) -> dict[int, list[RecordChange]]:
    """Return the changes by these commands on records (ids by noun), by the number of each."""
    found: dict[int, list[RecordChange]] = defaultdict(list)
    for change in company_changes(store, ids.get("company", ()), numbers):
        found[change.entry.command].append(change)
    for noun in _NOUNS[1:]:
        for changes in changes_on(store, noun, ids.get(noun, ())):
            for change in changes:
                if change.entry.command in numbers:
                    found[change.entry.command].append(change)
    return found


def contract_statements(store: Store) -> list[ContractStatement]:
    """Return when the contract in force was entered and amended, oldest first."""
    [changes] = changes_in_force(store, "contract", [CONTRACT_ID])
    statements = statements_on(store, CONTRACT_ID)
    return [ContractStatement(*pair) for pair in zip(statements, changes, strict=True)]


def _recorded_as(by: str) -> list[str]:
    """List the names under which a person's commands may be recorded: initials, or a user name as typed."""
    try:
        return [by, clean_initials(by)]
    except BadValue:
        return [by]


def _undos_on(store: Store, records: Iterable[str]) -> list[int]:
    """List the undos (numbers) of commands on these records, the undos of those, and so on."""
    numbers = commands_about(store, records)
    return [undo.number for undo in Voids(store).undos(numbers)]


def _names(store: Store, shown: Mapping[int, Iterable[RecordChange]]) -> dict[str, RecordName]:
    rows = [
        row
        for changes in shown.values()
        for change in changes
        for row in (change.before, change.after)
        if row
    ]
    ids = {row.get(column) for row in rows for column in REFERENCE_COLUMNS}
    return record_names(store, filter(None, ids))


def _names_then(
    store: Store, commands: Iterable[Command], shown: Mapping[int, Iterable[RecordChange]]
) -> dict[int, dict[str, RecordName]]:
    """Return the names that companies with several records had then, by the command's number and the id."""
    wanted: dict[str, list[Command]] = defaultdict(list)
    for command in commands:
        changes = shown.get(command.number, ())
        for company in {change.after.get("company_id") for change in changes} - {None}:
            wanted[str(company)].append(command)
    names = company_names_at(store, wanted)
    return {
        number: {id_: RecordName(name) for id_, name in at.items()} for number, at in names.items()
    }


def _records_about(session: Session, about: str) -> list[str]:
    """List the id of the record that is meant, or those of a company and all its records."""
    store = session.store
    if is_last(about) or noun_of(about) not in {None, "company"}:
        with suppress(UnknownRecord):  # then it may be the name of a company
            return [find_record(session, about, LETTERS, withdrawn=True)[1]["id"]]
    try:
        company_id = find_company(session, about, withdrawn=True)["id"]
    except Refusal as unknown:
        if unknown.key != "unknown_company" or company_and_day(session, about) is None:
            raise
        return [find_record(session, about, EVENTS, withdrawn=True)[1]["id"]]
    store.foresee(
        lambda: records_of_company(store, company_id),
        *(partial(ids_at_company, store, noun, company_id) for noun in AT_COMPANIES),
    )
    happened = [id_ for noun in AT_COMPANIES for id_ in ids_at_company(store, noun, company_id)]
    return [*records_of_company(store, company_id), *happened]
