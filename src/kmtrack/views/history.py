"""Telling of the history and of an undo, in lines and as data."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.i18n import current, say
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.schema.nouns import REFERENCE_COLUMNS
from kmtrack.ledger.timeline import steps_on
from kmtrack.rules.amendments import changed_terms
from kmtrack.rules.contract_format import read_contract
from kmtrack.usecases.records import statements_on
from kmtrack.views.contract import changes_in_words, terms_in_words
from kmtrack.views.format import day_in_words, heading_of, moment_in_words, value_in_words
from kmtrack.views.target_changes import changes_as_dict, format_changes
from kmtrack.views.target_status import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import Command, Consequence, RecordChange
    from kmtrack.rules.amendments import Term, TermChange
    from kmtrack.rules.questionnaire import Answer, Question
    from kmtrack.usecases.history import History
    from kmtrack.usecases.undo import Undone

_MOST: Final = 10


def history_lines(history: History) -> Iterator[str]:
    """A line for each command, and one for each record that it is about."""
    for command, steps in history.told:
        yield command_in_words(command)
        for step in steps[:_MOST]:
            yield "  " + step_in_words(step, history.names_at(command))
            for other in step.follows:
                yield "    " + consequence_in_words(other)
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
                    "changes": changes_of(step),
                    "follows": [
                        {"id": other.id, "changes": _as_lists(other.changed())}
                        for other in step.follows
                    ],
                }
                for step in steps
            ],
        }
        for command, steps in history.told
    ]


def _as_lists(changed: dict[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    return {field: list(values) for field, values in changed.items()}


def undone_lines(undone: Undone) -> list[str]:
    """Which command is taken back, what becomes of its records, and how the targets move."""
    kinds = Counter((back.noun, back.way) for back in undone.records)
    return [
        say("undo.command", what=command_in_words(undone.command)),
        *(
            "  " + sentence(say(f"undo.{way}", counted=say(f"count.{noun}", number=number)))
            for (noun, way), number in kinds.items()
        ),
        *("  " + line for line in format_changes(undone.targets)),
    ]


def undone_data(undone: Undone) -> dict[str, Any]:
    """An undo as data."""
    return {
        "number": undone.command.number,
        "command": undone.command.name,
        "recorded_at": undone.command.recorded_at,
        "records": [{"noun": back.noun, "id": back.id, "way": back.way} for back in undone.records],
        "targets": changes_as_dict(undone.targets),
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


_NOTHING: Final = object()


def changes_of(step: RecordChange) -> dict[str, list[Any]]:
    """The fields that a step changed, each with its old and its new value."""
    if step.noun == "contract":
        return amendment_data(step)
    return {
        field: list(values)
        for field, values in step.changed().items()
        if not (step.noun == "person" and field == "name")  # entries hold but a commitment to it
    }


def step_in_words(step: RecordChange, names: Mapping[str, str]) -> str:
    """A step in one line: which record, of which name, and what it changed."""
    if step.noun == "contract":
        changes = " · ".join(amendment_lines(step))
        return f"{say('noun.contract').capitalize()}: {changes}".removesuffix(": ")
    if step.stated.action in {"erase", "redact"}:
        changes = say(f"history.{step.stated.action}")
    else:
        told = [_change(names, step, field, *values) for field, values in changes_of(step).items()]
        changes = " · ".join(filter(None, told))
    name = names.get(step.after.get("company_id") or "")
    if step.noun == "company":
        name = _known_as(step.before, step.after)
    return _line(step.noun, step.stated.record_id, name, changes)


def consequence_in_words(follows: Consequence) -> str:
    """What became of another company, in one line."""
    changed = follows.changed().items()
    changes = " · ".join(_change_in_words("company", field, *values) for field, values in changed)
    name = _known_as(follows.before, follows.after)
    return _line("company", follows.id, name, changes)


def _known_as(before: Row | None, after: Row) -> str | None:
    """The name of a company, unless the changes tell it."""
    return before["name"] if before and before["name"] == after["name"] else None


def _line(noun: str, id_: str, name: str | None, changes: str) -> str:
    record = f"{say(f'noun.{noun}').capitalize()} {id_}" + (f" ({name})" if name else "")
    return f"{record}: {changes}".removesuffix(": ")


def _change(names: Mapping[str, str], step: RecordChange, field: str, old: Any, new: Any) -> str:
    if field == "company_id":  # the line names it
        return ""
    if field in REFERENCE_COLUMNS:
        old, new = names.get(old, old), names.get(new, new)
    if step.before is None and field not in _IN_THEIR_WORDS:
        return f"{heading_of(step.noun, field)}: {_value(step.noun, field, new)}"
    return _change_in_words(step.noun, field, old, new)


def _change_in_words(noun: str, field: str, old: Any, new: Any) -> str:
    if words := _IN_THEIR_WORDS.get(field):
        return words(old, new)
    before, after = (_value(noun, field, value) or "-" for value in (old, new))
    return f"{heading_of(noun, field)}: {before} -> {after}"


def _value(noun: str, field: str, value: Any) -> str:
    if field == "sme" and value is not None:
        value = bool(value)
    return " ".join(value_in_words(noun, field, value).split())


def _later(old: str | None, new: str | None) -> str:
    before, after = (json.loads(text) if text else {} for text in (old, new))
    told = []
    for day in sorted(before.keys() | after.keys()):
        if before.get(day) != after.get(day):
            changes = ", ".join(_from_a_day(before.get(day, {}), after.get(day, {})))
            told.append(f"{say('word.from')} {day_in_words(day)}: {changes or '-'}")
    return " · ".join(told)


def _from_a_day(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What is stated anew of a company from one day on, and what of it was stated before."""
    for field in dict.fromkeys([*before, *after]):
        if field not in before:
            yield f"{heading_of('company', field)}: {_value('company', field, after[field]) or '-'}"
        elif before[field] != after.get(field, _NOTHING):
            yield _change_in_words("company", field, before[field], after.get(field))


def _joined(old: str | None, new: str | None) -> str:
    before, after = ((ids or "").split() for ids in (old, new))
    told = {
        "history.joined": [id_ for id_ in after if id_ not in before],
        "history.parted": [id_ for id_ in before if id_ not in after],
    }
    return " · ".join(say(key, other=", ".join(ids)) for key, ids in told.items() if ids)


def _answers(old: str | None, new: str | None) -> str:
    """The questions that are answered otherwise than before, each with its answers in words."""
    # Few commands are about one, and it takes a while to read.
    from kmtrack.usecases.surveys.questionnaire import questionnaire

    before, after = (json.loads(text) if text else {} for text in (old, new))
    asked = {question.id: question for question in questionnaire().questions}
    told = []
    for id_ in (*asked, *sorted((before.keys() | after.keys()) - asked.keys())):
        if before.get(id_) != after.get(id_):
            question = asked.get(id_)
            wording = question.wording.in_language(current()) if question else id_
            one, other = (_answer(question, answers.get(id_)) for answers in (before, after))
            told.append(f"{wording} {other}" if old is None else f"{wording} {one} -> {other}")
    return " · ".join(told)


def _answer(question: Question | None, answer: Answer | None) -> str:
    from kmtrack.views.questionnaire import answer_in_words

    words = str(answer or "") if question is None else answer_in_words(question, answer)
    return " ".join(words.split()) or "-"


_IN_THEIR_WORDS: Final[Mapping[str, Callable[[str | None, str | None], str]]] = {
    "later": _later,
    "joined": _joined,
    "answers": _answers,
}


class Amended(NamedTuple):
    """A statement on the contract as data, and in words what it changed; the first changes nothing."""

    statement: dict[str, Any]
    lines: list[str]


def amendments(store: Store) -> list[Amended]:
    """All that was stated of the contract in force, oldest first."""
    [steps] = steps_on(store, "contract", [CONTRACT_ID])
    return [
        Amended(
            {**stated, "changes": amendment_data(step)},
            amendment_lines(step) if step.before else [],
        )
        for stated, step in zip(statements_on(store, CONTRACT_ID), steps, strict=True)
    ]


def amendment_data(step: RecordChange) -> dict[str, list[Any]]:
    """The terms that a step changed by their names, each with its old and its new value."""
    return {term.key: list(values) for term, values in _terms(step).items()}


def amendment_lines(step: RecordChange) -> list[str]:
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


def _terms(step: RecordChange) -> dict[Term, TermChange]:
    before = json.loads(step.before["document"]) if step.before else None
    return changed_terms(before, json.loads(step.after["document"]))
