"""What a restore does, in lines and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.ledger.voids import ERASING
from kmtrack.views.format import day_in_words, moment_in_words
from kmtrack.views.history import format_command
from kmtrack.views.target_changes import changes_as_dict, format_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.copies import Backup
    from kmtrack.usecases.restore import ErasedAgain, Replaced, Restored

_MOST: Final = 10


def format_backup(backup: Backup, folder: Path) -> str:
    """Format when a backup was made, with its folder if that is not the ledger's own `folder`."""
    day = day_in_words(backup.day)
    made = f"{day} {backup.time:%H:%M:%S}" if backup.time else say("restore.of_day", day=day)
    return made if backup.file.parent == folder else f"{made} ({backup.file.parent})"


def format_restored(restored: Restored) -> list[str]:
    """Format what a restore costs, line by line."""
    lines = [say("restore.loses", number=len(restored.lost))]
    lines += _commands(restored.lost)
    if restored.gained:
        lines.append(say("restore.gains", number=len(restored.gained)))
        lines += _commands(restored.gained)
    if restored.erased_again.anything:
        lines += _erased_again(restored.erased_again)
    elif any(command.name == ERASING for command in restored.lost):
        lines.append(say("restore.still_erased"))
    return lines + format_changes(restored.targets)


def _commands(commands: Sequence[Command]) -> Iterator[str]:
    """Format the last of these commands, and how many are older."""
    yield from ("  " + format_command(command) for command in commands[-_MOST:])
    if len(commands) > _MOST:
        yield "  " + say("restore.more", number=len(commands) - _MOST)


def _erased_again(again: ErasedAgain) -> Iterator[str]:
    """Format who and what was erased since, and is erased from the backup too."""
    yield say("restore.erased_again", number=len(again.persons), texts=again.texts)
    for person in again.persons:
        yield "  " + say("merge.erases_person", **_person_as_dict(person))
    for name in again.names:
        if name.times:
            yield "  " + say("restore.takes_out", name=name.name, times=name.times)


def _person_as_dict(person: Row) -> dict[str, Any]:
    return {name: person[name] for name in ("id", "name", "company")}


def format_replaced(path: Path, file: Path, replaced: Replaced) -> list[str]:
    """Format what a restore does in place of an unreadable ledger."""
    moment = moment_in_words(replaced.last)
    facts = {"path": path, "file": file, "number": replaced.commands, "moment": moment}
    return [say("restore.unreadable", **facts), say("restore.erase_again", moment=moment)]


def restored_as_dict(restored: Restored) -> dict[str, Any]:
    """Return what `--json` shows of a restore."""
    return {
        "lost": [
            {
                "number": command.number,
                "command": command.name,
                "recorded_at": command.recorded_at,
                "recorded_by": command.recorded_by,
            }
            for command in restored.lost
        ],
        "gained": len(restored.gained),
        "erased_again": len(restored.erased_again.persons),
        "erasures": {
            "again": [_person_as_dict(person) for person in restored.erased_again.persons],
            "names": [name._asdict() for name in restored.erased_again.names],
        },
        "targets": changes_as_dict(restored.targets),
        "kept": str(restored.kept) if restored.kept else None,
    }
