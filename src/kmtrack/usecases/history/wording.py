"""Wording: what one statement changed of a record, in one line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kmtrack.report.words import day_in_words, heading_of, value_in_words
from kmtrack.texts import current, say
from kmtrack.usecases.surveys.questionnaires import answer_in_words, questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.timeline import Step
    from kmtrack.rules.questionnaire import Answer, Question

# What the line tells by itself: the company by its name, and a join by its own words.
_UNTOLD: Final = frozenset({"company_id", "joined"})
_REFERENCES: Final = frozenset({"person_id", "method_id", "contact_id", "hire_id"})


def changes_of(step: Step) -> dict[str, list[Any]]:
    """The fields that a step changed, each with its old and its new value."""
    return {
        field: list(values)
        for field, values in step.changed().items()
        if not (step.noun == "person" and field == "name")  # entries hold but a commitment to it
    }


def step_in_words(step: Step, names: Mapping[str, str]) -> str:
    """A step in one line: which record, at which company, and what it changed."""
    company = names.get(step.after.get("company_id") or "")
    name = f" ({company})" if company else ""
    told = [_change(names, step, field, *values) for field, values in changes_of(step).items()]
    changes = " · ".join(filter(None, told))
    noun = say(f"noun.{step.noun}").capitalize()
    if step.stated.action == "join":
        changes = say("history.joined", other=step.stated.facts["with"])
    if step.stated.action in {"erase", "redact"}:
        changes = say(f"history.{step.stated.action}")
    return f"{noun} {step.stated.record_id}{name}: {changes}".removesuffix(": ")


def _change(names: Mapping[str, str], step: Step, field: str, old: Any, new: Any) -> str:
    if field in _UNTOLD:
        return ""
    if field == "document":
        return say("history.contract", keys=", ".join(step.stated.facts))
    if field == "later":
        return _later(old, new)
    if field == "answers":
        return _answers(old, new)
    heading = heading_of(step.noun, field)
    if field in _REFERENCES:
        old, new = names.get(old, old), names.get(new, new)
    before, after = (_value(step.noun, field, value) for value in (old, new))
    if step.before is None:
        return f"{heading}: {after}"
    return f"{heading}: {before or '-'} -> {after or '-'}"


def _value(noun: str, field: str, value: Any) -> str:
    if field == "sme" and value is not None:
        value = bool(value)
    return " ".join(value_in_words(noun, field, value).split())


def _later(old: str | None, new: str | None) -> str:
    before, after = (json.loads(text) if text else {} for text in (old, new))
    told = []
    for day in sorted(before.keys() | after.keys()):
        if before.get(day) != after.get(day):
            facts = after.get(day) or {}
            changes = ", ".join(
                f"{heading_of('company', field)}: {_value('company', field, value) or '-'}"
                for field, value in facts.items()
            )
            told.append(f"{say('word.from')} {day_in_words(day)}: {changes or '-'}")
    return " · ".join(told)


def _answers(old: str | None, new: str | None) -> str:
    """The questions that are answered otherwise than before, each with its answers in words."""
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
    words = str(answer or "") if question is None else answer_in_words(question, answer)
    return " ".join(words.split()) or "-"
