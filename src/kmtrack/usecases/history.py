"""Reading the history: commands with what each changed, oldest first."""

from __future__ import annotations

from collections import ChainMap, defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import BadValue
from kmtrack.i18n import say
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.nouns import AT_COMPANIES, NOUNS, REFERENCE_COLUMNS
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.ledger.timeline import (
    Command,
    as_list,
    company_names,
    company_steps,
    steps_on,
)
from kmtrack.municipalities import municipality_name
from kmtrack.usecases.lookup import find_company, find_record
from kmtrack.views.format import day_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange


_COMMANDS: Final = """
    SELECT number, token, name, recorded_at, recorded_by, reason, arrived_at FROM command
    WHERE recorded_at >= :since
    AND (:by IS NULL OR recorded_by IN (SELECT value FROM json_each(:by)))
    AND (:records IS NULL OR number IN (
        SELECT command FROM entry WHERE record_id IN (SELECT value FROM json_each(:records))
    ))
    ORDER BY recorded_at DESC, token DESC LIMIT :most
"""
_COUNT: Final = """
    SELECT count(*) FROM command
    WHERE recorded_at >= :since
    AND (:by IS NULL OR recorded_by IN (SELECT value FROM json_each(:by)))
    AND (:records IS NULL OR number IN (
        SELECT command FROM entry WHERE record_id IN (SELECT value FROM json_each(:records))
    ))
"""
_ENTRIES: Final = """
    SELECT DISTINCT noun, record_id FROM entry
    WHERE command IN (SELECT value FROM json_each(:commands))
    AND (:records IS NULL OR record_id IN (SELECT value FROM json_each(:records)))
"""


class Filter(NamedTuple):
    """What of the history is asked for: a record's or company's, from a moment (UTC) on, one broker's."""

    about: str | None = None
    since: str = ""
    by: str | None = None
    most: int = EVERYTHING


class HistoryItem(NamedTuple):
    """A command with its steps upon records."""

    command: Command
    steps: list[RecordChange]


class History(NamedTuple):
    """The newest commands that were asked for, newest last; `number` is how many there are in all.

    `names` are those of the companies concerned and of what else records refer to, by their ids;
    `called` what companies that came to be one were called then, by the number of a command and id.
    """

    told: list[HistoryItem]
    number: int
    names: dict[str, str]
    called: Mapping[int, dict[str, str]] = MappingProxyType({})

    def names_at(self, command: Command) -> Mapping[str, str]:
        """The names by which a command is told."""
        return ChainMap(self.called.get(command.number, {}), self.names)


def history_of(store: Store, asked: Filter) -> History:
    """The commands that `asked` is about, with what each changed. Raises as `find_record` does."""
    with store.reading():
        records = as_list(_records(store, asked.about)) if asked.about else None
        by = as_list(_recorded_as(asked.by)) if asked.by else None
        named: dict[str, Any] = {"since": asked.since, "by": by, "records": records}
        rows = store.all(_COMMANDS, **named, most=asked.most)
        commands = [Command.of(row) for row in reversed(rows)]
        steps = steps_of(store, commands, records)
        number = int(store.get(_COUNT, **named)[0])
        told = [HistoryItem(command, steps[command.number]) for command in commands]
        return History(told, number, _names(store, told), _called(store, told))


def _recorded_as(by: str) -> list[str]:
    """What somebody's commands may be recorded under: initials in capitals, a user's name as it is."""
    try:
        return [by, clean_initials(by)]
    except BadValue:
        return [by]


def steps_of(
    store: Store, commands: Sequence[Command], records: str | None = None
) -> dict[int, list[RecordChange]]:
    """What each of these commands changed, by its number: all, or upon `records` (ids as a list)."""
    by_noun: dict[str, list[str]] = defaultdict(list)
    numbers = as_list(command.number for command in commands)
    for row in store.each(_ENTRIES, commands=numbers, records=records):
        by_noun[row["noun"]].append(row["record_id"])
    wanted = {command.number for command in commands}
    steps: dict[int, list[RecordChange]] = defaultdict(list)
    for step in company_steps(store, by_noun.pop("company", []), wanted):
        steps[step.stated.command].append(step)
    for noun in NOUNS:
        for timeline in steps_on(store, noun, by_noun[noun]):
            for step in timeline:
                if step.stated.command in wanted:
                    steps[step.stated.command].append(step)
    return steps


def _names(store: Store, told: list[HistoryItem]) -> dict[str, str]:
    rows = [row for each in told for step in each.steps for row in (step.before, step.after) if row]
    ids = {row.get(column) for row in rows for column in REFERENCE_COLUMNS}
    return names_of(store, filter(None, ids))


def _called(store: Store, told: list[HistoryItem]) -> dict[int, dict[str, str]]:
    asked: dict[str, list[Command]] = defaultdict(list)
    for command, steps in told:
        for company in {step.after.get("company_id") for step in steps} - {None}:
            asked[str(company)].append(command)
    return company_names(store, asked)


def _records(store: Store, about: str) -> list[str]:
    """The ids of the record that is meant, or of a company and all that happened there."""
    noun = noun_of(about)
    if noun not in {None, "company"} and _begins_a_record(store, noun or "", about):
        _, row = find_record(store, about, NOUNS, withdrawn=True)
        return [row["id"]]
    company_id = find_company(store, about, withdrawn=True)["id"]
    rows = store.all("SELECT id FROM company WHERE id = :id OR part_of = :id", id=company_id)
    ids = [row["id"] for row in rows]
    for noun in AT_COMPANIES:
        found = store.all(f"SELECT id FROM {noun} WHERE company_id = :id", id=company_id)  # noqa: S608 - a name of ours
        ids += [row["id"] for row in found]
    return ids


def _begins_a_record(store: Store, noun: str, beginning: str) -> bool:
    low = beginning.strip().lower()
    statement = NOUNS[noun].count + " WHERE id >= :low AND id < :high"
    return bool(store.get(statement, low=low, high=low + "{")[0])


# Of each noun the queries for the names of records and their days.
_AT_COMPANY: Final = """
    SELECT {noun}.id, company.name, {noun}.{day} AS day, NULL AS municipality
    FROM {noun} JOIN company ON company.id = {noun}.company_id
"""
_OF_METHOD: Final = """
    SELECT {noun}.id, method.name, {noun}.date AS day, NULL AS municipality
    FROM {noun} JOIN method ON method.id = {noun}.method_id
"""
_ALONE: Final = "SELECT {noun}.id, name, NULL AS day, NULL AS municipality FROM {noun}"
_NAMED: Final = {
    "company": _ALONE.format(noun="company"),
    "person": _ALONE.format(noun="person"),
    "method": _ALONE.format(noun="method"),
    "contact": _AT_COMPANY.format(noun="contact", day="date"),
    "collaboration": _AT_COMPANY.format(noun="collaboration", day="agreed"),
    "hire": _AT_COMPANY.format(noun="hire", day="agreed"),
    "assessment": _OF_METHOD.format(noun="assessment"),
    "dissemination": _OF_METHOD.format(noun="dissemination"),
    "usage": """
        SELECT usage.id, method.name || ', ' || company.name AS name, contact.date AS day,
               NULL AS municipality
        FROM usage JOIN method ON method.id = usage.method_id
        JOIN contact ON contact.id = usage.contact_id
        JOIN company ON company.id = contact.company_id
    """,
    "delivery": """
        SELECT delivery.id, target AS name, delivery.date AS day, NULL AS municipality FROM delivery
    """,
    "survey": """
        SELECT survey.id, company.name, survey.date AS day, survey.municipality
        FROM survey LEFT JOIN company ON company.id = survey.company_id
    """,
}


def names_of(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """What these records are called, by id: a name or a company's, with the day if it has one.

    Whoever was erased has no name any more.
    """
    by_noun: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(set(ids)):
        by_noun[noun_of(id_) or ""].append(id_)
    names: dict[str, str] = {}
    for noun, query in _NAMED.items():
        if not by_noun[noun]:
            continue
        where = f" WHERE {noun}.id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - a name of ours
        for row in store.all(query + where, ids=as_list(by_noun[noun])):
            name = row["name"] or municipality_name(row["municipality"] or "")
            if name:
                names[row["id"]] = ", ".join(filter(None, (name, day_in_words(row["day"]))))
    return names


def record_in_words(store: Store, noun: str, record_id: str) -> str:
    """A record as a person knows it: what it is, its id, and its name and day."""
    name = names_of(store, [record_id]).get(record_id)
    what = f"{say(f'noun.{noun}').capitalize()} {record_id}"
    return f"{what} ({name})" if name else what
