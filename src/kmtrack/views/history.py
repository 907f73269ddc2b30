"""Show the history and the amendments of the contract."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.ledger.commitments import LEFT
from kmtrack.ledger.schema.nouns import REFERENCE_COLUMNS
from kmtrack.rules.amendments import changed_terms
from kmtrack.rules.contract_format import read_contract
from kmtrack.views.contract import changes_in_words, terms_in_words
from kmtrack.views.format import (
    day_in_words,
    heading_of,
    moment_in_words,
    value_in_words,
    withdrawal_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.queries.record_names import RecordName
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.timeline import Consequence, RecordChange
    from kmtrack.rules.amendments import Term, TermChange
    from kmtrack.rules.questionnaire import AnswerValue, Question
    from kmtrack.usecases.history import ContractStatement, HistoryItem

    Names = Mapping[str, RecordName]

# No more records of a command are shown than this.
MOST_SHOWN: Final = 10
_NOTHING: Final = object()


def render_history(items: Iterable[HistoryItem]) -> Iterator[str]:
    """Yield a line for each command, followed by one for each record that it changed."""
    for command, changes, number, names, reasons in items:
        yield format_command(command)
        for reason in reasons[:MOST_SHOWN]:
            yield "  " + say("history.redacted_reason", number=reason)
        if len(reasons) > MOST_SHOWN:
            yield "  " + say("history.more_reasons", number=len(reasons) - MOST_SHOWN)
        shown = list(islice(changes, MOST_SHOWN))
        for change in shown:
            if _is_repeated(change):
                continue
            yield "  " + _record_change(change, names)
            for other in change.consequences:
                yield "    " + _consequence(other)
        if number > len(shown):
            yield "  " + say("history.more", number=number - len(shown))


def history_as_dicts(items: Iterable[HistoryItem]) -> Iterator[dict[str, Any]]:
    """Yield the commands with their changes as data; the changes of a command come one at a time."""
    for command, changes, _, _, reasons in items:
        yield {
            "number": command.number,
            "recorded_at": command.recorded_at,
            "recorded_by": command.recorded_by,
            "command": command.name,
            "reason": command.reason,
            "arrived_at": command.arrived_at,
            "stated_at": command.stated_at,
            "erased_reasons": list(reasons),
            "entries": map(_change_as_dict, changes),
        }


def format_command(command: Command) -> str:
    """Format a command as one line: its number, when, by whom, which, and why."""
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
    if command.stated_at:
        line += " " + say("history.stated", moment=moment_in_words(command.stated_at))
    return line


def format_amendment(amendment: ContractStatement) -> list[str]:
    """Format the terms that an amendment changed; nothing for the original contract."""
    return [] if amendment.change.before is None else _contract_change(amendment.change)


def amendment_as_dict(amendment: ContractStatement) -> dict[str, Any]:
    """Return an amendment as data: when, by whom and why, and each term's old and new value."""
    return {**amendment.statement, "changes": _changed_values(amendment.change)}


def _change_as_dict(change: RecordChange) -> dict[str, Any]:
    return {
        "noun": change.noun,
        "id": change.entry.record_id,
        "action": change.entry.action,
        "changes": _changed_values(change),
        "follows": [
            {"id": other.id, "changes": _as_lists(other.changed())} for other in change.consequences
        ],
    }


def _changed_values(change: RecordChange) -> dict[str, list[Any]]:
    """Return the fields, or for the contract the terms, each with its old and its new value."""
    if change.noun == "contract":
        return {term.key: list(values) for term, values in _changed_terms(change).items()}
    values = _as_lists(change.changed())
    if change.noun == "person":
        values.pop("name", None)  # an entry holds no more of it than a commitment
    return values


def _as_lists(changed: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    return {field: list(values) for field, values in changed.items()}


def _changed_terms(change: RecordChange) -> dict[Term, TermChange]:
    before = json.loads(change.before["document"]) if change.before else None
    return changed_terms(before, json.loads(change.after["document"]))


def _contract_change(change: RecordChange) -> list[str]:
    contract = read_contract(json.loads(change.after["document"]))
    if change.before is not None:
        return changes_in_words(contract, _changed_terms(change))
    municipalities = {span.municipality for span in contract.participation}
    return [
        contract.name.in_language(current()),
        f"{say('contract.period')}: {terms_in_words(contract)['period']}",
        f"{say('contract.participation')}: {len(municipalities)}",
    ]


def _record_change(change: RecordChange, names: Names) -> str:
    """Format a change as one line: which record, its name, and what changed."""
    if change.noun == "contract":
        return _line(say("noun.contract"), _contract_change(change))
    record, action = f"{say(f'noun.{change.noun}')} {change.entry.record_id}", change.entry.action
    if change.noun == "company":
        name = _unchanged_name(change.before, change.after)
    else:
        found = names.get(change.after.get("company_id") or "")
        name = found.name if found else ""
    if action == "erase":
        return _line(record, [say("history.erase")], name)
    if action == "redact":
        return _line(record, [_redaction(change)], name)
    values = _changed_values(change).items()
    return _line(record, [_field(names, change, field, *pair) for field, pair in values], name)


def _is_repeated(change: RecordChange) -> bool:
    """Whether a name was removed from what an earlier removal left: the text itself tells of it."""
    return change.entry.action == "redact" and bool(change.entry.facts["field"] == LEFT)


def _redaction(change: RecordChange) -> str:
    """Format of which field a name was removed."""
    field = heading_of(change.noun, str(change.entry.facts["field"]))
    return f"{field}: {say('history.redact')}"


def _consequence(other: Consequence) -> str:
    """Format the change of another company as one line."""
    changes = [_difference("company", field, *pair) for field, pair in other.changed().items()]
    name = _unchanged_name(other.before, other.after)
    return _line(f"{say('noun.company')} {other.id}", changes, name)


def _line(record: str, changes: list[str], name: str = "") -> str:
    begins = record[:1].upper() + record[1:] + (f" ({name})" if name else "")
    return f"{begins}: {' · '.join(filter(None, changes))}".removesuffix(": ")


def _unchanged_name(before: Row | None, after: Row) -> str:
    """Return the name of a company; "" if the changes show it."""
    return str(after["name"]) if before and before["name"] == after["name"] else ""


def _name(names: Names, id_: str | None) -> str | None:
    """Format what people call a record, with its day if it has one; its id if that is unknown."""
    found = names.get(id_ or "")
    return ", ".join(filter(None, (found.name, day_in_words(found.day)))) if found else id_


def _field(names: Names, change: RecordChange, field: str, old: Any, new: Any) -> str:
    if field == "company_id" and change.before is None:  # the line names it
        return ""
    if change.before is None and field not in _FORMATS:
        new = _name(names, new) if field in REFERENCE_COLUMNS else new
        return f"{heading_of(change.noun, field)}: {_value(change.noun, field, new)}"
    return format_difference(names, change.noun, field, old, new)


def format_difference(names: Names, noun: str, field: str, old: Any, new: Any) -> str:
    """Format the old and the new value of a field, for a reference the names of the records."""
    if field in REFERENCE_COLUMNS:
        old, new = _name(names, old), _name(names, new)
    return _difference(noun, field, old, new)


def _difference(noun: str, field: str, old: Any, new: Any) -> str:
    if field in _FORMATS:
        return _FORMATS[field](old, new)
    before, after = (_value(noun, field, value) or "-" for value in (old, new))
    return f"{heading_of(noun, field)}: {before} -> {after}"


def _value(noun: str, field: str, value: Any) -> str:
    if field == "withdrawn" and value is not None:
        value = withdrawal_in_words(value)
    return " ".join(value_in_words(noun, field, value).split())


def _later(old: str | None, new: str | None) -> str:
    """Format the facts of a company from later days on that changed."""
    before, after = (json.loads(text) if text else {} for text in (old, new))
    days = []
    for day in sorted(before.keys() | after.keys()):
        if before.get(day) != after.get(day):
            changes = ", ".join(_from_a_day(before.get(day, {}), after.get(day, {})))
            days.append(f"{say('word.from')} {day_in_words(day)}: {changes or '-'}")
    return " · ".join(days)


def _from_a_day(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for field in dict.fromkeys([*before, *after]):
        if field not in before:
            yield f"{heading_of('company', field)}: {_value('company', field, after[field]) or '-'}"
        elif before[field] != after.get(field, _NOTHING):
            yield _difference("company", field, before[field], after.get(field))


def _joined(old: str | None, new: str | None) -> str:
    before, after = ((ids or "").split() for ids in (old, new))
    changes = {
        "history.joined": [id_ for id_ in after if id_ not in before],
        "history.parted": [id_ for id_ in before if id_ not in after],
    }
    return " · ".join(say(key, other=", ".join(ids)) for key, ids in changes.items() if ids)


def _answers(old: str | None, new: str | None) -> str:
    """Format the questions whose answers changed, each with its answers."""
    # Few commands are about one, and it takes a while to read.
    from kmtrack.usecases.surveys.questionnaire import questionnaire

    before, after = (json.loads(text) if text else {} for text in (old, new))
    asked = {question.id: question for question in questionnaire().questions}
    changes = []
    for id_ in (*asked, *sorted((before.keys() | after.keys()) - asked.keys())):
        if before.get(id_) != after.get(id_):
            question = asked.get(id_)
            wording = question.wording.in_language(current()) if question else id_
            one, other = (_answer(question, answers.get(id_)) for answers in (before, after))
            changes.append(f"{wording} {other}" if old is None else f"{wording} {one} -> {other}")
    return " · ".join(changes)


def _answer(question: Question | None, answer: AnswerValue | None) -> str:
    from kmtrack.views.questionnaire import survey_answer_in_words

    words = str(answer or "") if question is None else survey_answer_in_words(question, answer)
    return " ".join(words.split()) or "-"


_FORMATS: Final[Mapping[str, Callable[[str | None, str | None], str]]] = {
    "later": _later,
    "joined": _joined,
    "answers": _answers,
}
