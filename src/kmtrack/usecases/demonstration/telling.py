"""Telling the story to a ledger: statements become commands, each with its moment, in order."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.change import changing
from kmtrack.ledger.nouns import NOUNS
from kmtrack.usecases.demonstration.people import sitting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from kmtrack.ledger.change import Change
    from kmtrack.ledger.store import Store
    from kmtrack.usecases.demonstration.story import Statement

_ORDER: Final = ("company", "contact", "usage", "collaboration", "hire")
_IMPORT: Final = "import"
_A_SITTING: Final = timedelta(hours=1)


class Command(NamedTuple):
    """What is stored in one go."""

    moment: datetime
    by: str
    name: str
    reason: str | None
    statements: list[Statement]


def commands_of(story: list[Statement]) -> list[Command]:
    """The commands in which a story is told, in the order of their moments.

    Who types each evening gives one command for each thing; who brings in a workbook once a week
    gives one for all that is new, and one for each correction.
    """
    sittings: dict[tuple[datetime, str], list[Statement]] = defaultdict(list)
    for moment, statement in _with_moments(story):
        sittings[moment, statement.broker.initials].append(statement)
    result = [
        command
        for (moment, by), statements in sorted(sittings.items())
        for command in _commands(moment, by, statements)
    ]
    return sorted(result, key=lambda command: command.moment)


def tell(store: Store, commands: list[Command]) -> None:
    """Store the commands, each a change of its own."""
    persons: dict[tuple[str, str], str] = {}
    for command in commands:
        moment = stamp(command.moment)
        with changing(store, moment, command.by, command.name, command.reason) as change:
            for statement in command.statements:
                _state(change, statement, persons)


def stamp(moment: datetime) -> str:
    """A moment as the ledger writes it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _with_moments(story: list[Statement]) -> Iterator[tuple[datetime, Statement]]:
    """Each statement with the sitting in which it is typed: nothing before what it is about."""
    typed: dict[str, tuple[datetime, str]] = {}
    for statement in sorted(story, key=_place):
        moment, by = sitting(statement.broker, statement.day), statement.broker.initials
        about = statement.record_id if statement.action != "add" else ""
        link = statement.facts.get("company_id") or statement.facts.get("contact_id", "")
        needed, needed_by = typed.get(about or link, (moment, by))
        if needed_by != by:
            needed += _A_SITTING
        while moment < needed:
            moment += timedelta(days=7)
        typed.setdefault(statement.record_id, (moment, by))
        yield moment, statement


def _commands(moment: datetime, by: str, statements: list[Statement]) -> Iterator[Command]:
    statements.sort(key=_place)
    news = [statement for statement in statements if statement.action == "add"]
    if news and not news[0].broker.types_each_evening:
        yield Command(moment, by, _IMPORT, None, news)
        statements = [statement for statement in statements if statement.action != "add"]
    for number, one in enumerate(statements, start=1):
        # A minute or two for each, and never the same microsecond.
        later = moment + timedelta(seconds=97 * number, microseconds=number * 130_211)
        yield Command(later, by, f"{one.noun} {one.action}", one.reason, [one])


def _place(statement: Statement) -> tuple[bool, int, str, str]:
    return (
        statement.action != "add",
        _ORDER.index(statement.noun),
        str(statement.day),
        statement.record_id,
    )


def _state(change: Change, statement: Statement, persons: dict[tuple[str, str], str]) -> None:
    noun, record_id, facts = statement.noun, statement.record_id, dict(statement.facts)
    if statement.action == "add":
        if statement.person is not None:
            known = (facts["company_id"], statement.person)
            if known not in persons:
                persons[known] = change.add_person(statement.person, facts["company_id"])
            facts["person_id"] = persons[known]
        change.add(noun, facts, record_id)
        return
    row = change.store.get(NOUNS[noun].select + " WHERE id = :id", id=record_id)
    if statement.action == "edit":
        change.edit(noun, dict(row), facts)
    else:
        change.withdraw(noun, dict(row), facts["reason"])
