"""History: the commands of a ledger with what each of them changed, oldest first."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.company_timeline import company_changes, company_names_at
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.queries.commands import (
    About,
    command_numbers_on,
    find_commands,
    records_of_commands,
)
from kmtrack.ledger.queries.companies import records_of_company
from kmtrack.ledger.queries.record_names import RecordName, ids_at_company, record_names
from kmtrack.ledger.schema.ids import LETTERS, noun_of
from kmtrack.ledger.schema.nouns import AT_COMPANIES, EVENTS, NOUNS, REFERENCE_COLUMNS
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.ledger.timeline import changes_in_force, changes_on
from kmtrack.ledger.voids import COMMAND, Voids, commands_reached
from kmtrack.usecases.company_lookup import find_company, is_last
from kmtrack.usecases.record_lookup import UnknownRecord, company_and_day, find_record
from kmtrack.usecases.records import statements_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange
    from kmtrack.usecases.session import Session


class Filter(NamedTuple):
    """Which commands to show: about a record or company, since a moment (UTC), by one person."""

    about: str | None = None
    since: str = ""
    by: str | None = None
    most: int = EVERYTHING


class HistoryItem(NamedTuple):
    """A command with what it changed of records."""

    command: Command
    changes: list[RecordChange]


class History(NamedTuple):
    """The newest matching commands, newest last; `number` is how many match in all.

    `names` are those of the companies concerned and of what else records refer to, by their ids;
    `names_then` those that companies of several records had then, by the number of a command and id.
    """

    items: list[HistoryItem]
    number: int
    names: Mapping[str, RecordName]
    names_then: Mapping[int, dict[str, RecordName]] = MappingProxyType({})

    def names_at(self, command: Command) -> Mapping[str, RecordName]:
        """Return the names to use with a command."""
        return ChainMap(self.names_then.get(command.number, {}), dict(self.names))


class ContractStatement(NamedTuple):
    """When and by whom the contract was entered or amended, and the changes."""

    statement: dict[str, Any]
    change: RecordChange


def history_of(session: Session, wanted: Filter) -> History:
    """Return the commands that match, with what each changed. Raise as `find_record` does."""
    store = session.store
    with store.reading():
        records = _records_about(session, wanted.about) if wanted.about else None
        by = _recorded_as(wanted.by) if wanted.by else None
        about = None if records is None else About(records, _undos_on(store, records))
        commands, number = find_commands(store, wanted.since, by, about, wanted.most)
        changes = changes_by(store, commands, records)
        items = [HistoryItem(command, changes[command.number]) for command in commands]
        return History(items, number, _names(store, items), _names_then(store, items))


def changes_by(
    store: Store, commands: Iterable[Command], records: Iterable[str] | None = None
) -> dict[int, list[RecordChange]]:
    """Return what each of these commands changed, by its number: all, or of these records (ids)."""
    numbers = {command.number for command in commands}
    ids = records_of_commands(store, {*numbers, *commands_reached(store, numbers)}, records)
    ids.pop(COMMAND, None)
    found: dict[int, list[RecordChange]] = defaultdict(list)
    for change in company_changes(store, ids.pop("company", []), numbers):
        found[change.entry.command].append(change)
    for noun in NOUNS:
        for changes in changes_on(store, noun, ids.get(noun, [])):
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
    """List what a person's commands may be recorded under: initials, or a user name as typed."""
    try:
        return [by, clean_initials(by)]
    except BadValue:
        return [by]


def _undos_on(store: Store, records: Iterable[str]) -> list[int]:
    """List the undos (numbers) of commands that are about these records, the undos of those, and so on."""
    numbers = {command for id_ in records for command in command_numbers_on(store, id_)}
    return [undo.number for undo in Voids(store).undos(numbers)]


def _names(store: Store, items: list[HistoryItem]) -> dict[str, RecordName]:
    changes = [change for item in items for change in item.changes]
    rows = [row for change in changes for row in (change.before, change.after) if row]
    ids = {row.get(column) for row in rows for column in REFERENCE_COLUMNS}
    return record_names(store, filter(None, ids))


def _names_then(store: Store, items: list[HistoryItem]) -> dict[int, dict[str, RecordName]]:
    wanted: dict[str, list[Command]] = defaultdict(list)
    for command, changes in items:
        for company in {change.after.get("company_id") for change in changes} - {None}:
            wanted[str(company)].append(command)
    names = company_names_at(store, wanted)
    return {
        number: {id_: RecordName(name) for id_, name in at.items()} for number, at in names.items()
    }


def _records_about(session: Session, about: str) -> list[str]:
    """List the id of the record that is meant, or those of a company and of all that happened there."""
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
    happened = [id_ for noun in AT_COMPANIES for id_ in ids_at_company(store, noun, company_id)]
    return [*records_of_company(store, company_id), *happened]
