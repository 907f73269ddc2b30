"""Telling of the history and of an undo, in lines and as data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.usecases.history.steps import changes_of, consequence_in_words, step_in_words
from kmtrack.usecases.target_changes import change_lines, changes_data
from kmtrack.views.format import moment_in_words
from kmtrack.views.target_status import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.usecases.history.commands import Command
    from kmtrack.usecases.history.timeline import History
    from kmtrack.usecases.history.undo import Undone

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
