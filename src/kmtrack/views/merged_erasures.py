"""What a merge, or a restore, erases, in lines and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.ledger.mentions import Place
from kmtrack.views.erasure import place_in_words
from kmtrack.views.format import moment_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.ledger.arrived_erasures import RedactedText
    from kmtrack.ledger.rows import Row
    from kmtrack.usecases.merge.apply import MergeResult
    from kmtrack.usecases.merge.erasures import MergedErasure, MergedErasures

# The terminal shows no more persons or texts of one command than this.
_MOST: Final = 20


def format_merged_erasures(erasures: MergedErasures) -> Iterator[str]:
    """Format each erasure that a merge brings: by whom, when, who is erased, and each text that changes."""
    for command in erasures.commands:
        if command.persons or command.texts:
            yield _head(command)
            yield from _first([_person(person) for person in command.persons])
            yield from _first([_text(text) for text in command.texts])
    for person in erasures.again:
        yield say("merge.erases_again", id=person["id"], name=person["name"])
    if erasures.lost:
        yield say("merge.erases_lost", number=erasures.lost)
    for name in erasures.names:
        if name.times:
            yield say("merge.takes_out", name=name.name, times=name.times)
    if erasures:
        yield say("merge.erases_for_good")


def erasures_question(erasures: MergedErasures) -> str:
    """Return the separate question whether everything is to be erased for good."""
    return say("question.merge_erases", persons=len(erasures.erased), texts=_times(erasures))


def format_merged(result: MergeResult, *, can_restore: bool) -> Iterator[str]:
    """Format that a merge is done, what it erased, and what the backup made before still contains."""
    if not result.erasures or result.reached is None:
        yield say("merge.done" if can_restore else "merge.done_served", kept=result.kept)
        return
    yield say(
        "merge.erased",
        persons=len(result.erasures.erased),
        texts=_times(result.erasures),
        copies=len(result.reached.held),
    )
    key = "merge.done_erased" if result.is_kept_clean else "merge.done_not_clean"
    yield say(key, kept=result.kept)


def merged_erasures_as_dict(erasures: MergedErasures) -> dict[str, Any]:
    """Return what `--json` shows of the erasures of a merge."""
    return {
        "commands": [_command_as_dict(command) for command in erasures.commands],
        "again": [{"id": person["id"], "name": person["name"]} for person in erasures.again],
        "names": [name._asdict() for name in erasures.names],
    }


def _times(erasures: MergedErasures) -> int:
    """Count the texts that change."""
    texts = sum(len(command.texts) for command in erasures.commands)
    return texts + erasures.lost + sum(name.times for name in erasures.names)


def _head(command: MergedErasure) -> str:
    moment = moment_in_words(command.recorded_at)
    return say("merge.erases", by=command.by, moment=moment, file=command.file)


def _person(person: Row) -> str:
    facts = {name: person[name] for name in ("id", "name", "company")}
    return "  " + say("merge.erases_person", **facts)


def _text(text: RedactedText) -> str:
    before, left = (" ".join(each.split()) for each in (text.before, text.redaction.left))
    return "  " + say(
        "merge.erases_text", place=place_in_words(_place(text)), before=before, left=left
    )


def _place(text: RedactedText) -> Place:
    redaction = text.redaction
    return Place(redaction.noun, redaction.record_id, redaction.field)


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield "  " + say("merge.more", number=len(lines) - _MOST)


def _command_as_dict(command: MergedErasure) -> dict[str, Any]:
    return {
        "file": command.file,
        "by": command.by,
        "recorded_at": command.recorded_at,
        "persons": [
            {name: person[name] for name in ("id", "name", "company")} for person in command.persons
        ],
        "texts": [
            {**_place(text)._asdict(), "before": text.before, "left": text.redaction.left}
            for text in command.texts
        ],
    }
