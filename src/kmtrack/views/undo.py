"""Show what an undo or redo takes back, and how the targets change by it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.ledger.voids import UNDOING
from kmtrack.views.history import format_command
from kmtrack.views.target_changes import changes_as_dict, format_changes
from kmtrack.views.target_status import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.usecases.undo import Undone

# No more commands without effect are named than this.
_MOST: Final = 10


def render_undo(undone: Undone) -> Iterator[str]:
    """Yield which command is taken back, what becomes of its records, and how the targets change."""
    key = "redo.command" if undone.is_redo else "undo.command"
    yield say(key, what=format_command(undone.taken_back))
    if not undone.records:
        yield "  " + _nothing_changes(undone)
    kinds = Counter((reversal.noun, reversal.way) for reversal in undone.records)
    for (noun, way), number in kinds.items():
        yield "  " + sentence(say(f"undo.{way}", counted=say(f"count.{noun}", number=number)))
    for command in undone.idle[:_MOST]:
        facts = {"number": command.number, "command": command.name, "by": command.recorded_by}
        yield "  " + say("undo.idle", **facts)
    for line in format_changes(undone.targets):
        yield "  " + line


def render_undone(undone: Undone, *, dry_run: bool) -> str:
    """Return the line that says that it is done, or that nothing was with `dry_run`."""
    if undone.is_redo:
        key = "redo.trial" if dry_run else "redo.done"
    elif dry_run:
        key = "undo.trial"
    else:
        key = "undo.done_older" if undone.taken_back.name in UNDOING else "undo.done"
    return say(key, number=undone.taken_back.number, undo=undone.number)


def undo_as_dict(undone: Undone) -> dict[str, Any]:
    """Give an undo as data."""
    return {
        "number": undone.command.number,
        "command": undone.command.name,
        "recorded_at": undone.command.recorded_at,
        "takes_effect_again": undone.is_redo,
        "restated_by": undone.restated_by.number if undone.restated_by else None,
        "idle": [command.number for command in undone.idle],
        "records": [
            {"noun": reversal.noun, "id": reversal.id, "way": reversal.way}
            for reversal in undone.records
        ],
        "targets": changes_as_dict(undone.targets),
    }


def _nothing_changes(undone: Undone) -> str:
    restated_by = undone.restated_by
    if restated_by is None:
        return say("undo.changed_nothing")
    if undone.is_gone:
        key = "undo.gone"
    elif restated_by.number > undone.taken_back.number:
        key = "undo.restated"
    else:
        key = "undo.entered_too"
    facts = {"number": restated_by.number, "command": restated_by.name}
    return say(key, **facts, by=restated_by.recorded_by)
