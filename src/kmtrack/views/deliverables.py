"""Render deliverables: status, demands of the note, and steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, say
from kmtrack.rules.deliverables import SubmissionStatus
from kmtrack.views.console import console
from kmtrack.views.format import day_in_words, name_with_id, quoted, sentence
from kmtrack.views.target_status import (
    demand_in_words,
    next_step_in_words,
    target_status_as_dict,
    target_status_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.rules.deliverables import Demand


def show_deliverables(records: Sequence[Mapping[str, Any]]) -> None:
    """Print the status of each deliverable as a paragraph."""
    screen = console()
    for record in records:
        screen.line(deliverable_in_words(record))


def deliverable_in_words(record: Mapping[str, Any]) -> str:
    """Return the name of a deliverable, its id, its state and its status."""
    target, status = record["target"], record["status"]
    sentences = map(sentence, target_status_in_words(status) + next_step_in_words(target, status))
    return f"{name_with_id(target)}: {say('state.' + status.state)}. {'. '.join(sentences)}"


def show_deliverable(record: Mapping[str, Any]) -> None:
    """Print one deliverable with the note's words, its points and its steps."""
    screen, target, status = console(), record["target"], record["status"]
    screen.line(deliverable_in_words(record), "bold")
    words = quoted(target.words.in_language(current()))
    screen.line(say("why.words_of_target", words=words))
    if isinstance(status, SubmissionStatus):
        show_demands(status.demands)
    show_steps(record["steps"])


def show_demands(demands: Sequence[Demand]) -> None:
    """Print the note's demands on a deliverable, and when each point was ticked off."""
    for demand in demands:
        _show_demand(demand)


def show_steps(steps: Sequence[Mapping[str, Any]]) -> None:
    """Print the steps towards a deliverable, a line each."""
    for step in steps:
        console().indented(_step(step))


def _show_demand(demand: Demand) -> None:
    screen = console()
    mark = say("answer.yes" if demand.checked else "answer.no")
    day = f" ({day_in_words(demand.checked)})" if demand.checked else ""
    screen.indented(f"{demand_in_words(demand)}: {mark}{day}")
    for point in demand.points:
        screen.indented(f"{point.id}: {quoted(point.words.in_language(current()))}", 2)


def _step(step: Mapping[str, Any]) -> str:
    facts = [step["point"], step["text"], step["file"]]
    words = ": ".join([say(f"choice.step.{step['step']}"), *[fact for fact in facts if fact]])
    return f"{day_in_words(step['date'])}  {step['id']}  {words}"


def deliverable_as_dict(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deliverable as data; keys are stable, days are ISO texts."""
    target, status = record["target"], record["status"]
    return {
        "id": target.id,
        "name": target.name.in_language(current()),
        "due": target.due.isoformat() if target.due else None,
        "state": status.state,
        **target_status_as_dict(status),
        "points": [
            {"id": point.id, "instead_of": point.demand if point.demand != point.id else None}
            for point in target.points
        ],
        "steps": record["steps"],
    }
