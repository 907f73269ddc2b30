"""Telling of the history and of an undo, in lines and as data."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.contracts import CONTRACT_ID
from kmtrack.report.contract_words import changes_in_words, terms_in_words
from kmtrack.report.words import day_in_words, heading_of, moment_in_words, value_in_words
from kmtrack.rules.contract_document import read_contract
from kmtrack.rules.terms import changed_terms
from kmtrack.texts import current, say
from kmtrack.usecases.history.commands import steps_on
from kmtrack.usecases.moves import change_lines, changes_data
from kmtrack.usecases.showing import statements_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.ledger.store import Store
    from kmtrack.ledger.timeline import Step
    from kmtrack.rules.terms import Change, Term
    from kmtrack.usecases.history.commands import Command
    from kmtrack.usecases.history.reading import History
    from kmtrack.usecases.history.undoing import Undone

_MOST: Final = 10
# What tells a person nothing: ids, and what the program itself notes.
_UNTOLD: Final = frozenset(
    {
        "person_id",
        "company_id",
        "method_id",
        "contact_id",
        "hire_id",
        "questionnaire",
        "asks",
        "joined",
    }
)


def history_lines(history: History) -> Iterator[str]:
    """A line for each command, and one for each record that it is about."""
    for command, steps in history.told:
        yield command_in_words(command)
        for step in steps[:_MOST]:
            yield "  " + _step_in_words(step, history.names)
        if len(steps) > _MOST:
            yield "  " + say("history.more", number=len(steps) - _MOST)


def history_data(history: History) -> list[dict[str, Any]]:
    """The commands with what each changed, as data."""
    return [
        {
            "number": command.number,
            "recorded_at": command.recorded_at,
            "recorded_by": command.recorded_by,
            "command": command.name,
            "reason": command.reason,
            "arrived_at": command.arrived_at,
            "entries": [
                {
                    "noun": step.noun,
                    "id": step.stated.record_id,
                    "action": step.stated.action,
                    "changes": _changes(step),
                }
                for step in steps
            ],
        }
        for command, steps in history.told
    ]


class Amended(NamedTuple):
    """A statement on the contract as data, and in words what it changed; the first changes nothing."""

    statement: dict[str, Any]
    lines: list[str]


def amendments(store: Store) -> list[Amended]:
    """All that was stated of the contract in force, oldest first."""
    [steps] = steps_on(store, "contract", [CONTRACT_ID])
    return [
        Amended(
            {**stated, "changes": _changes(step)}, _amendment_lines(step) if step.before else []
        )
        for stated, step in zip(statements_on(store, CONTRACT_ID), steps, strict=True)
    ]


def undone_lines(undone: Undone) -> list[str]:
    """Which command is taken back, what becomes of its records, and how the targets move."""
    kinds = Counter((back.noun, back.way) for back in undone.records)
    return [
        say("undo.command", what=command_in_words(undone.command)),
        *(
            "  " + say(f"undo.{way}", noun=say(f"nouns.{noun}"), number=number)
            for (noun, way), number in kinds.items()
        ),
        *("  " + line for line in change_lines(undone.targets)),
    ]


def undone_data(undone: Undone) -> dict[str, Any]:
    """An undo as data."""
    return {
        "number": undone.command.number,
        "command": undone.command.name,
        "recorded_at": undone.command.recorded_at,
        "records": [{"noun": back.noun, "id": back.id, "way": back.way} for back in undone.records],
        "targets": changes_data(undone.targets),
    }


def command_in_words(command: Command) -> str:
    """A command in one line: its number, when, by whom, which, and why."""
    line = say(
        "history.command",
        number=command.number,
        moment=moment_in_words(command.recorded_at),
        by=command.recorded_by,
        command=command.name,
    )
    if command.reason:
        line += f" ({command.reason})"
    if command.arrived_at:
        line += " " + say("history.arrived", moment=moment_in_words(command.arrived_at))
    return line


def _changes(step: Step) -> dict[str, list[Any]]:
    if step.noun == "contract":
        return {term.key: list(values) for term, values in _terms(step).items()}
    return {
        field: list(values)
        for field, values in step.changed().items()
        if not (step.noun == "person" and field == "name")  # entries hold but a commitment to it
    }


def _terms(step: Step) -> dict[Term, Change]:
    """The terms of the contract that a step changed."""
    before = json.loads(step.before["document"]) if step.before else None
    return changed_terms(before, json.loads(step.after["document"]))


def _amendment_lines(step: Step) -> list[str]:
    """What a step changed of the contract; of what it began with, the gist."""
    contract = read_contract(json.loads(step.after["document"]))
    if step.before is not None:
        return changes_in_words(contract, _terms(step))
    places = {span.municipality for span in contract.participation}
    return [
        contract.name.in_language(current()),
        f"{say('contract.period')}: {terms_in_words(contract)['period']}",
        f"{say('contract.participation')}: {len(places)}",
    ]


def _step_in_words(step: Step, names: Mapping[str, str]) -> str:
    if step.noun == "contract":
        return f"{say('noun.contract').capitalize()}: {' · '.join(_amendment_lines(step))}"
    company = names.get(step.after.get("company_id") or "")
    name = f" ({company})" if company else ""
    told = [_change_in_words(step, field, *values) for field, values in _changes(step).items()]
    changes = " · ".join(filter(None, told))
    noun = say(f"noun.{step.noun}").capitalize()
    if step.stated.action == "join":
        changes = say("history.joined", other=step.stated.facts["with"])
    if step.stated.action in {"erase", "redact"}:
        changes = say(f"history.{step.stated.action}")
    return f"{noun} {step.stated.record_id}{name}: {changes}".removesuffix(": ")


def _change_in_words(step: Step, field: str, old: Any, new: Any) -> str:
    if field in _UNTOLD:
        return ""
    if field == "later":
        return _later_in_words(old, new)
    heading = heading_of(step.noun, field)
    before, after = (_in_words(step.noun, field, value) for value in (old, new))
    if step.before is None:
        return f"{heading}: {after}"
    return f"{heading}: {before or '-'} -> {after or '-'}"


def _in_words(noun: str, field: str, value: Any) -> str:
    if field == "sme" and value is not None:
        value = bool(value)
    return " ".join(value_in_words(noun, field, value).split())


def _later_in_words(old: str | None, new: str | None) -> str:
    before, after = (json.loads(text) if text else {} for text in (old, new))
    told = []
    for day in sorted(before.keys() | after.keys()):
        if before.get(day) != after.get(day):
            facts = after.get(day) or {}
            changes = ", ".join(
                f"{heading_of('company', field)}: {_in_words('company', field, value) or '-'}"
                for field, value in facts.items()
            )
            told.append(f"{say('word.from')} {day_in_words(day)}: {changes or '-'}")
    return " · ".join(told)
