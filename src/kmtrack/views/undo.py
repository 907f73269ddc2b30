"""Show what an undo or redo takes back, and how the targets change by it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.timeline import changed_between
from kmtrack.ledger.voids import UNDOING
from kmtrack.rules.amendments import changed_terms
from kmtrack.rules.contract_format import read_contract
from kmtrack.views.confirm import event_in_words
from kmtrack.views.contract import changes_in_words
from kmtrack.views.correct_time import render_retimed
from kmtrack.views.format import called_in_words, sentence
from kmtrack.views.history import format_command, format_difference
from kmtrack.views.target_changes import changes_as_dict, format_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.ledger.queries.record_names import RecordName
    from kmtrack.ledger.rows import Row
    from kmtrack.usecases.undo import Reversal, Undone

# No more records of a kind, and no more commands without effect, are named than this.
_MOST: Final = 10


def render_undo(undone: Undone) -> Iterator[str]:
    """Yield which command is taken back, what becomes of its records, and how the targets change."""
    key = "redo.command" if undone.is_redo else "undo.command"
    yield say(key, what=format_command(undone.taken_back))
    yield from (f"  {line}" for line in render_retimed(undone.retimed))
    if not (undone.records or undone.retimed):
        yield "  " + _nothing_changes(undone)
    kinds = Counter((reversal.noun, reversal.way) for reversal in undone.records)
    for (noun, way), number in kinds.items():
        key = "redo.changed" if undone.is_redo and way == "changed" else f"undo.{way}"
        yield "  " + sentence(say(key, counted=say(f"count.{noun}", number=number)))
        alike = [each for each in undone.records if (each.noun, each.way) == (noun, way)]
        lines = [_format_record(each, undone.names) for each in alike[:_MOST]]
        yield from (f"    {line}" for line in lines if line)
        if number > _MOST:
            yield "    " + say("history.more", number=number - _MOST)
    for command in undone.idle[:_MOST]:
        facts = {"number": command.number, "command": command.name, "by": command.recorded_by}
        yield "  " + say("undo.idle", **facts)
    for line in format_changes(undone.targets):
        yield "  " + line


def render_undone(undone: Undone, *, dry_run: bool) -> str:
    """Return the line that says it is done, or with `dry_run` that nothing was."""
    if undone.is_redo:
        key = "redo.trial" if dry_run else "redo.done"
    elif dry_run:
        key = "undo.trial"
    else:
        key = "undo.done_older" if undone.taken_back.name in UNDOING else "undo.done"
    return say(key, number=undone.taken_back.number, undo=undone.number)


def undo_as_dict(undone: Undone) -> dict[str, Any]:
    """Return an undo as data."""
    return {
        "number": undone.command.number,
        "command": undone.command.name,
        "recorded_at": undone.command.recorded_at,
        "takes_effect_again": undone.is_redo,
        "restated_by": undone.restated_by.number if undone.restated_by else None,
        "idle": [command.number for command in undone.idle],
        "records": [_record_as_dict(reversal) for reversal in undone.records],
        "retimed": [each._asdict() for each in undone.retimed],
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


def _format_record(reversal: Reversal, names: Mapping[str, RecordName]) -> str:
    """Format a record that an undo changes as one line: what it is, or what changes; "" if unknown."""
    before, after = reversal.before, reversal.after
    if before is None or after is None:
        return ""
    noun, id_ = reversal.noun, reversal.id
    if noun == "contract":
        return " · ".join(_contract_changes(before, after))
    name = names.get(id_)
    record = sentence(f"{say(f'noun.{noun}')} {id_}")
    if reversal.way == "changed":
        changed = changed_between(noun, before, after).items()
        changes = [format_difference(names, noun, field, *values) for field, values in changed]
        called = f" ({called_in_words(name)})" if name else ""
        return f"{record}{called}: {' · '.join(filter(None, changes))}"
    row = before if reversal.way == "out" else after
    if noun in EVENTS and name:
        person = names.get(row.get("person_id") or "")
        event = {**row, "noun": noun, "company": name.name, "person": person and person.name}
        return f"{record}: {event_in_words(event)}"
    return f"{record}: {called_in_words(name)}" if name else record


def _contract_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    old, new = (json.loads(row["document"]) for row in (before, after))
    return changes_in_words(read_contract(new), changed_terms(old, new))


def _record_as_dict(reversal: Reversal) -> dict[str, Any]:
    """Return a record with its facts and, if it stays, the changes; only for the first records."""
    facts, row = NOUNS[reversal.noun].facts, _row_shown(reversal)
    changes = None
    if reversal.way == "changed" and reversal.before and reversal.after:
        changed = changed_between(reversal.noun, reversal.before, reversal.after)
        changes = {field: list(values) for field, values in changed.items()}
    return {
        "noun": reversal.noun,
        "id": reversal.id,
        "way": reversal.way,
        "facts": facts.shown(row) if facts and row else None,
        "changes": changes,
    }


def _row_shown(reversal: Reversal) -> Row | None:
    """Return the row of a record as it is or, if it goes, as it was."""
    return reversal.before if reversal.way == "out" else reversal.after
