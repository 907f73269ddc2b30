"""The question which backup is to be restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.cli.questions import Question, ask_all
from kmtrack.errors import Refusal
from kmtrack.i18n import say
from kmtrack.ledger.schema.values import clean_count
from kmtrack.views.restore import format_backup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.ledger.store.copies import Backup

# Older ones are named by their file.
_SHOWN: Final = 20


def asked_backup(backups: Sequence[Backup], folder: Path) -> Path:
    """Ask which of the backups is meant, newest first, and return its file.

    `folder` is the ledger's own folder of backups. Raises Refusal `no_backups` if there are none.
    """
    if not backups:
        raise Refusal("no_backups", folder=folder)
    shown = backups[:_SHOWN]
    question = Question(
        "backup",
        say("question.backup"),
        lambda typed, _: shown[clean_count(typed, 1, len(shown)) - 1],
        default="1",
        missing=Refusal("no_backups", folder=folder),
        above=[
            f"  {number:>2}  {format_backup(each, folder)}"
            for number, each in enumerate(shown, start=1)
        ],
    )
    answers = ask_all([question])
    chosen: Backup = answers["backup"]
    return chosen.file
