"""Changed exports: decide whether a workbook that somebody changed is kept under another name."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Phrase
from kmtrack.usecases.doubts import Choice, Doubt

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

_KEEP: Final = "keep"
_REPLACE: Final = "replace"


def name_for_changed(session: Session, file: Path) -> Path | None:
    """Return the name under which to keep a changed workbook; None if it may be replaced.

    If nobody can be asked it is kept. Raises the Doubt `export_changed`.
    """
    changed_at = file.stat().st_mtime
    day = _day_of(changed_at, session.clock.today)
    kept = _free_name(file, day)
    if not session.answers.can_ask:
        return kept
    doubt = Doubt(
        "export_changed",
        str(file),
        str(changed_at),
        choices=(
            Choice(_KEEP, Phrase("export.keep", kept=kept.name)),
            Choice(_REPLACE, Phrase("export.replace")),
        ),
        file=file.name,
        day=day,
    )
    return kept if session.settle(doubt) == _KEEP else None


def _day_of(changed_at: float, today: date) -> date:
    """Return the day of a change; today if the clock makes that a later day."""
    try:
        return min(datetime.fromtimestamp(changed_at).date(), today)  # noqa: DTZ006 - here
    except (
        OverflowError,
        OSError,
        ValueError,
    ):  # some file systems keep years that there cannot be
        return today


def _free_name(file: Path, day: date) -> Path:
    """Return an unused name beside a file that says when the file was changed."""
    for number in count(1):
        again = f" {number}" if number > 1 else ""
        name = file.with_name(f"{file.stem} (changed {day.isoformat()}){again}{file.suffix}")
        if not name.exists() and not name.is_symlink():
            return name
    raise AssertionError  # count does not end
